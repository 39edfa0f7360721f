import { Alert, Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
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
      SupportedFeatureProfiles in the{' '}
      <Anchor
        renderRoot={(props) => (
          <Link to="/chargers/$chargePointId/configuration" params={{ chargePointId }} {...props} />
        )}
        inherit
      >
        configuration
      </Anchor>{' '}
      does not name it: what a CSMS asks for in it is refused, and what the charger keeps for it is
      not used.
    </Alert>
  );
}
