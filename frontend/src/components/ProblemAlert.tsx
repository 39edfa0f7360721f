import { Alert, Button, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { asProblem, furtherFields, heading, remedy } from '@/api/problem';

interface Props {
  error: unknown;
  /** Tries again what failed. */
  onRetry?: () => void;
  /** Leaves out what to do, where the page says it itself. */
  brief?: boolean;
}

/** An error in the words of its problem document, and what can be done about it. */
export function ProblemAlert({ error, onRetry, brief = false }: Props) {
  const problem = asProblem(error);
  const fields = furtherFields(problem);
  return (
    <Alert
      color="red"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={heading(problem)}
      role="alert"
    >
      <Stack gap="xs" align="flex-start">
        {problem.detail && <Text size="sm">{problem.detail}</Text>}
        {fields.length > 0 && (
          <List size="sm">
            {fields.map(({ field, message }) => (
              <List.Item key={field + message}>
                {field}: {message}
              </List.Item>
            ))}
          </List>
        )}
        {!brief && (
          <Text size="sm" c="dimmed">
            {remedy(problem)}
          </Text>
        )}
        {onRetry && (
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
