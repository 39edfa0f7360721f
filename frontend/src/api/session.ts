import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { bodyOf, client } from './client';
import { keys } from './keys';

export const sessionQuery = queryOptions({
  queryKey: keys.session,
  queryFn: async ({ signal }) => bodyOf(await client.GET('/api/session', { signal })),
  staleTime: Infinity,
});

export const healthQuery = queryOptions({
  queryKey: keys.health,
  queryFn: async ({ signal }) => bodyOf(await client.GET('/api/health', { signal })),
  staleTime: Infinity,
});

/** Signs in with the API token; the session is a cookie that scripts cannot read. */
export function useLogin() {
  const queries = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: async (token: string) =>
      bodyOf(await client.POST('/api/login', { body: { token } })),
    onSuccess: (session) => {
      queries.setQueryData(keys.session, session);
    },
  });
}

export function useLogout() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => client.POST('/api/logout'),
    onSuccess: () => {
      queries.clear();
    },
  });
}
