import { Alert, Button, Group, List, Progress, Spoiler, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { keys } from '@/api/keys';
import { operationQuery, useCancelOperation } from '@/api/operations';
import { ProblemAlert } from '@/components/ProblemAlert';
import { count } from '@/lib/units';

interface Props {
  operationId: string;
  /** What is done, as a title: "Connecting". */
  title: string;
  onClose: () => void;
}

/** How far a bulk operation is, and what failed, one by one. */
export function BulkProgress({ operationId, title, onClose }: Props) {
  const queries = useQueryClient();
  const operation = useQuery(operationQuery(operationId));
  const cancel = useCancelOperation();
  if (operation.error) return <ProblemAlert error={operation.error} onRetry={onClose} />;

  const { state, total, done, failed, failures } = operation.data ?? {
    state: 'running' as const,
    total: 0,
    done: 0,
    failed: 0,
    failures: [],
  };
  const outcome =
    state === 'running'
      ? `${title}: ${done} of ${count(total, 'charger')}`
      : `${title} ${state}: ${count(total, 'charger')}${failed > 0 ? `, ${failed} failed` : ''}`;
  return (
    <Alert
      color={failed > 0 ? 'yellow' : 'cyan'}
      title={<span aria-live="polite">{outcome}</span>}
      withCloseButton={state !== 'running'}
      closeButtonLabel="Dismiss"
      onClose={onClose}
    >
      <Progress
        value={total > 0 ? (100 * done) / total : state === 'running' ? 0 : 100}
        aria-label={`${title}: progress`}
        mb="xs"
      />
      {failures.length > 0 && (
        <Spoiler maxHeight={90} showLabel="Show all failures" hideLabel="Show fewer" mb="xs">
          <List size="sm">
            {failures.map(({ charge_point_id, connector_id, detail }) => (
              <List.Item key={`${charge_point_id} ${connector_id ?? ''}`}>
                <Text span inherit fw={600}>
                  {charge_point_id}
                  {connector_id === null ? '' : `, connector ${connector_id}`}
                </Text>
                : {detail}
              </List.Item>
            ))}
          </List>
        </Spoiler>
      )}
      {state === 'running' && (
        <Group justify="flex-end">
          <Button
            size="xs"
            variant="default"
            loading={cancel.isPending}
            onClick={() => {
              cancel.mutate(operationId, {
                onSuccess: () =>
                  void queries.invalidateQueries({ queryKey: keys.operation(operationId) }),
              });
            }}
          >
            Cancel
          </Button>
        </Group>
      )}
    </Alert>
  );
}
