import { Alert } from '@mantine/core';
import { type FeatureProfile, useFeatureProfile } from '@/api/configuration';

interface Props {
  chargePointId: string;
  profile: FeatureProfile;
}

/** Says that a charge point lacks a feature profile, where it does. */
export function ProfileOff({ chargePointId, profile }: Props) {
  if (useFeatureProfile(chargePointId, profile)) return null;
  return (
    <Alert color="yellow" title={`The feature profile ${profile} is off`}>
      SupportedFeatureProfiles of this charger does not name it, so what a CSMS asks for in it is
      refused.
    </Alert>
  );
}
