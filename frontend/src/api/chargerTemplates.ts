import { queryOptions } from '@tanstack/react-query';
import { client } from './client';
import { keys } from './keys';
import { allPages } from './paging';
import type { ChargerTemplate } from './types';

/** The models that a charger can be made from; they change with a restart only. */
export const chargerTemplatesQuery = queryOptions({
  queryKey: keys.chargerTemplates,
  queryFn: ({ signal }) =>
    allPages<ChargerTemplate>((page) =>
      client.GET('/api/charger-templates', { params: { query: page }, signal }),
    ),
  staleTime: Infinity,
});
