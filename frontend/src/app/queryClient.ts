import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ProblemError } from '@/api/problem';
import { toastProblem } from '@/components/toasts';

declare module '@tanstack/react-query' {
  interface Register {
    /** `quiet`: whoever runs the mutation shows its error. */
    mutationMeta: { quiet?: boolean };
  }
}

/** Makes the query client; `onSignedOut` is called whenever the API wants a login. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  function checkSession(error: Error): void {
    if (error instanceof ProblemError && error.status === 401) onSignedOut();
  }
  return new QueryClient({
    queryCache: new QueryCache({ onError: checkSession }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _result, mutation) => {
        checkSession(error);
        if (!mutation.meta?.quiet) toastProblem(error);
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        // What the server has judged is not asked again; what did not arrive is, twice.
        retry: (failures, error) =>
          failures < 2 && (!(error instanceof ProblemError) || error.status === 0),
      },
    },
  });
}
