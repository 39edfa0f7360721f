import { Badge, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ConnectionState, ConnectorStatus, Registration } from '@/api/types';
import {
  CONNECTION_COLORS,
  CONNECTION_WORDS,
  CONNECTOR_COLORS,
  CONNECTOR_MEANINGS,
  registrationColor,
} from './status';

interface BadgeProps {
  color: string;
  label: ReactNode;
  hint?: string | null | undefined;
}

/** A state as a dot and a word: the word is never told by colour alone. */
export function StateBadge({ color, label, hint }: BadgeProps) {
  const badge = (
    <Badge
      variant="dot"
      color={color}
      tt="none"
      fw={600}
      style={{ flexShrink: 0, overflow: 'visible' }}
      // A narrow table scrolls; it does not cut the word off.
      styles={{ label: { overflow: 'visible' } }}
    >
      {label}
    </Badge>
  );
  return hint ? (
    <Tooltip label={hint} multiline maw={320}>
      {badge}
    </Tooltip>
  ) : (
    badge
  );
}

interface ConnectorBadgeProps {
  status: ConnectorStatus;
  /** Without power a connector has no status. */
  powered?: boolean;
}

export function ConnectorBadge({ status, powered = true }: ConnectorBadgeProps) {
  if (!powered) return <StateBadge color="gray" label="No power" />;
  return (
    <StateBadge color={CONNECTOR_COLORS[status]} label={status} hint={CONNECTOR_MEANINGS[status]} />
  );
}

export function ConnectionBadge({
  state,
  error,
}: {
  state: ConnectionState;
  error: string | null;
}) {
  return (
    <StateBadge color={CONNECTION_COLORS[state]} label={CONNECTION_WORDS[state]} hint={error} />
  );
}

export function RegistrationBadge({
  registration,
  connected,
}: {
  registration: Registration;
  connected: boolean;
}) {
  return (
    <StateBadge
      color={registrationColor(registration, connected)}
      label={registration ?? 'Not registered'}
      hint={
        connected || registration === null
          ? "The CSMS's answer to BootNotification"
          : "The CSMS's last answer to BootNotification; there is no connection now"
      }
    />
  );
}
