import { Anchor, Breadcrumbs, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

interface Props {
  title: string;
  subtitle?: ReactNode;
  /** Which list the page stands below. */
  within?: 'locations' | 'fleet-runs';
  /** The location that the page belongs to; without it the page stands beside the locations. */
  location?: { id: number; name: string } | undefined;
  actions?: ReactNode;
}

/** The head of a page: where it is, what it is, what can be done. */
export function PageHeader({ title, subtitle, location, within, actions }: Props) {
  return (
    <Stack gap={6} mb="md">
      {within && (
        <nav aria-label="Breadcrumb">
          <Breadcrumbs
            separatorMargin={6}
            style={{ flexWrap: 'wrap' }}
            styles={{ breadcrumb: { whiteSpace: 'normal', overflowWrap: 'anywhere' } }}
          >
            {within === 'locations' ? (
              <Anchor component={Link} to="/locations" size="sm">
                Locations
              </Anchor>
            ) : (
              <Anchor component={Link} to="/fleet-runs" size="sm">
                Fleet runs
              </Anchor>
            )}
            {location && (
              <Anchor
                renderRoot={(props) => (
                  <Link
                    to="/locations/$locationId"
                    params={{ locationId: String(location.id) }}
                    {...props}
                  />
                )}
                size="sm"
              >
                {location.name}
              </Anchor>
            )}
            <Text size="sm" c="dimmed" aria-current="page">
              {title}
            </Text>
          </Breadcrumbs>
        </nav>
      )}
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={2} style={{ minWidth: 0, flex: '1 1 260px' }}>
          <Title order={1} size="h2" style={{ overflowWrap: 'anywhere' }}>
            {title}
          </Title>
          {subtitle && (
            <Text c="dimmed" size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
              {subtitle}
            </Text>
          )}
        </Stack>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
    </Stack>
  );
}
