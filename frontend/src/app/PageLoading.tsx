import { Skeleton, Stack } from '@mantine/core';

export function PageLoading() {
  return (
    <Stack aria-busy aria-label="Loading" role="status">
      <Skeleton height={34} width="40%" />
      <Skeleton height={18} width="60%" />
      <Skeleton height={260} />
    </Stack>
  );
}
