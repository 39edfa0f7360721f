import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { bodyOf, client } from './client';
import { addPoints, isOver, knownUntil } from './fleetRunCourse';
import { keys } from './keys';
import { allPages } from './paging';
import { ProblemError } from './problem';
import type { FleetRun, FleetRunOrder, FleetRunPreview, FleetRunProgress } from './types';

const LIST_REFRESH_MS = 2000;
const RUN_REFRESH_MS = 1000;

/** All runs, newest first; looked at again while one goes on. */
export const fleetRunsQuery = queryOptions({
  queryKey: keys.fleetRuns,
  queryFn: ({ signal }) =>
    allPages<FleetRun>((page) =>
      client.GET('/api/fleet-runs', { params: { query: page }, signal }),
    ),
  refetchInterval: ({ state }) => (state.data?.every(isOver) === false ? LIST_REFRESH_MS : false),
});

/** A run and all that is known of its course, of one moment. */
export interface WatchedRun {
  run: FleetRun;
  progress: FleetRunProgress;
}

/** A run with its course, looked at each second while it goes on. */
export function fleetRunQuery(runId: string) {
  const queryKey = keys.fleetRun(runId);
  const path = { run_id: runId };
  return queryOptions({
    queryKey,
    queryFn: async ({ signal, client: queries }): Promise<WatchedRun> => {
      // The run before its course: of one that is over, the course is whole.
      const run = bodyOf(
        await client.GET('/api/fleet-runs/{run_id}', { params: { path }, signal }),
      );
      const known = queries.getQueryData<WatchedRun>(queryKey)?.progress.points ?? [];
      const after_s = knownUntil(known);
      const news = bodyOf(
        await client.GET('/api/fleet-runs/{run_id}/progress', {
          params: { path, query: { after_s } },
          signal,
        }),
      );
      const points = addPoints(after_s > 0 ? known : [], news.points);
      return { run, progress: { ...news, points } };
    },
    refetchInterval: ({ state }) => (state.data && isOver(state.data.run) ? false : RUN_REFRESH_MS),
  });
}

/** What a run was given: its plan, and what that comes to with the same CSMS, if it can be used. */
export interface GivenRun {
  run: FleetRun;
  plan: string;
  preview: FleetRunPreview | null;
}

/** What is needed to run something again. */
export function givenRunQuery(runId: string) {
  const params = { path: { run_id: runId } };
  return queryOptions({
    queryKey: keys.givenFleetRun(runId),
    queryFn: async ({ signal }): Promise<GivenRun> => {
      const [run, plan] = await Promise.all([
        client.GET('/api/fleet-runs/{run_id}', { params, signal }).then(bodyOf),
        client
          .GET('/api/fleet-runs/{run_id}/plan', { params, parseAs: 'text', signal })
          .then((answer) => bodyOf(answer)),
      ]);
      const preview = await client
        .POST('/api/fleet-runs/check', {
          // With a CSMS, as the plan may be without one.
          body: { plan, csms_urls: run.csms_urls, processes: 1 },
          signal,
        })
        .then(bodyOf)
        .catch((error: unknown) => {
          // It has secrets, which are not shown.
          if (error instanceof ProblemError && error.status === 422) return null;
          throw error;
        });
      return { run, plan, preview };
    },
    staleTime: Infinity,
  });
}

/** Tells what a run would be, without starting it. */
export function useCheckFleetRun() {
  return useMutation({
    meta: { quiet: true },
    mutationFn: async (body: FleetRunOrder) =>
      bodyOf(await client.POST('/api/fleet-runs/check', { body })),
  });
}

export function useStartFleetRun() {
  const queries = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: async (body: FleetRunOrder) =>
      bodyOf(await client.POST('/api/fleet-runs', { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.fleetRuns, exact: true }),
  });
}

/** Has a run ramp down now; with `atOnce` it ends where it stands, and there is no report. */
export function useStopFleetRun(runId: string) {
  const queries = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: ({ atOnce }: { atOnce: boolean }) =>
      client.POST('/api/fleet-runs/{run_id}/stop', {
        params: { path: { run_id: runId }, query: { now: atOnce } },
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.fleetRun(runId), exact: true }),
  });
}

/** Deletes a run that is over, with all that it wrote. */
export function useDeleteFleetRun() {
  const queries = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: (runId: string) =>
      client.DELETE('/api/fleet-runs/{run_id}', { params: { path: { run_id: runId } } }),
    onSuccess: (_, runId) => {
      queries.removeQueries({ queryKey: keys.fleetRun(runId) });
      return queries.invalidateQueries({ queryKey: keys.fleetRuns, exact: true });
    },
  });
}

/** Where what a run has written can be had. */
export function fleetRunFiles({ id }: Pick<FleetRun, 'id'>) {
  const path = `/api/fleet-runs/${encodeURIComponent(id)}`;
  return {
    report: path + '/report',
    summary: { href: `${path}/summary`, name: `${id}-summary.json` },
    plan: { href: `${path}/plan`, name: `${id}-plan.yaml` },
  };
}
