import { Stack, Title } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { asPageProblem } from '@/api/problem';
import { ProblemAlert } from '@/components/ProblemAlert';

/** What stands in the place of a page that broke. */
export function PageError({ error }: ErrorComponentProps) {
  return (
    <Stack py="xl">
      <Title order={1} size="h2">
        This page cannot be shown
      </Title>
      <ProblemAlert
        error={asPageProblem(error)}
        onRetry={() => {
          // The code of a page is gone from the server after an update: only a reload helps.
          window.location.reload();
        }}
      />
    </Stack>
  );
}
