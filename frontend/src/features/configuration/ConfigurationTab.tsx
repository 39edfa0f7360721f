import { Card, Checkbox, Group, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { configurationQuery } from '@/api/configuration';
import { ProblemAlert } from '@/components/ProblemAlert';
import { count } from '@/lib/units';
import { KeyRow } from './KeyRow';
import { filterKeys, groupByProfile } from './model';

/** The configuration keys of a charge point, edited one by one. */
export function ConfigurationTab() {
  const { chargePointId } = useParams({ from: '/shell/chargers/$chargePointId' });
  const configuration = useQuery(configurationQuery(chargePointId));
  const [filter, setFilter] = useState({ text: '', writableOnly: false });

  if (configuration.error && !configuration.data) {
    return (
      <ProblemAlert error={configuration.error} onRetry={() => void configuration.refetch()} />
    );
  }
  if (!configuration.data) {
    return <Skeleton height={300} role="status" aria-label="Loading configuration" />;
  }
  const shown = filterKeys(configuration.data, filter);
  return (
    <Stack>
      <Group gap="sm">
        <TextInput
          aria-label="Search configuration"
          placeholder="Search by key, value, description"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={filter.text}
          onChange={(event) => {
            setFilter({ ...filter, text: event.currentTarget.value });
          }}
          style={{ flex: '1 1 220px' }}
          maw={{ base: '100%', sm: 360 }}
        />
        <Checkbox
          label="Only what the CSMS can change"
          checked={filter.writableOnly}
          onChange={(event) => {
            setFilter({ ...filter, writableOnly: event.currentTarget.checked });
          }}
        />
        <Text size="sm" c="dimmed" role="status">
          {count(shown.length, 'key')}
        </Text>
      </Group>
      {shown.length === 0 && <Text c="dimmed">No key fits this search.</Text>}
      {groupByProfile(shown).map(({ profile, keys }) => (
        <Card key={profile} withBorder padding={0} component="section" aria-label={profile}>
          <Title order={2} size="h5" px="md" py="sm">
            {profile}
          </Title>
          {keys.map((key) => (
            <KeyRow key={key.key} chargePointId={chargePointId} entry={key} />
          ))}
        </Card>
      ))}
    </Stack>
  );
}
