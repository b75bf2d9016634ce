// What many pages ask for. The workspace stands in every key, so that one workspace never shows another's data.

import { queryOptions, useQuery } from '@tanstack/react-query';
import { answer, api, LARGEST, tagged, useSession, type Schemas } from '@/api/client';

/** Lists that are small enough to be asked for whole, up to one page. */
const WHOLE = { query: { limit: LARGEST } };
const SELDOM_MS = 5 * 60_000;

export function useWorkspaceId() {
  return useSession()?.workspace ?? '';
}

export const meQuery = () => queryOptions({ queryKey: ['me'], queryFn: () => answer(api.GET('/api/v1/me')) });

export const workspacesQuery = () =>
  queryOptions({ queryKey: ['workspaces'], queryFn: () => answer(api.GET('/api/v1/workspaces')) });

export const workspaceQuery = (workspace: string) =>
  queryOptions({
    queryKey: [workspace, 'workspace'],
    queryFn: () => answer(api.GET('/api/v1/workspaces/current')),
    staleTime: SELDOM_MS,
    enabled: workspace !== '',
  });

export const readWorkspace = () => tagged(api.GET('/api/v1/workspaces/current'));

/** The workspace with its tag, which a change needs. A form must not begin with one that is out of date. */
export const taggedWorkspaceQuery = (workspace: string) =>
  queryOptions({ queryKey: [workspace, 'workspace', 'tagged'], queryFn: readWorkspace, gcTime: 0 });

export const channelsQuery = (workspace: string) =>
  queryOptions({
    queryKey: [workspace, 'channels'],
    queryFn: () => answer(api.GET('/api/v1/channels', { params: WHOLE })),
  });

export const segmentsQuery = (workspace: string) =>
  queryOptions({
    queryKey: [workspace, 'segments'],
    queryFn: () => answer(api.GET('/api/v1/messaging/segments', { params: WHOLE })),
  });

export const segmentSizeQuery = (workspace: string, id: string) =>
  queryOptions({
    queryKey: [workspace, 'segment-size', id],
    queryFn: () => answer(api.GET('/api/v1/messaging/segments/{id}/size', { params: { path: { id } } })),
  });

export const fieldsQuery = (workspace: string) =>
  queryOptions({
    queryKey: [workspace, 'contact-fields'],
    queryFn: () => answer(api.GET('/api/v1/contact-fields')),
    staleTime: SELDOM_MS,
  });

export const templatesQuery = (workspace: string) =>
  queryOptions({
    queryKey: [workspace, 'templates', 'all'],
    queryFn: () => answer(api.GET('/api/v1/templates', { params: WHOLE })),
  });

export const cannedQuery = (workspace: string) =>
  queryOptions({
    queryKey: [workspace, 'canned-replies', 'all'],
    queryFn: () => answer(api.GET('/api/v1/canned-replies', { params: WHOLE })),
  });

export const staffQuery = (workspace: string) =>
  queryOptions({
    queryKey: [workspace, 'staff'],
    queryFn: () => answer(api.GET('/api/v1/providers', { params: WHOLE })),
    staleTime: SELDOM_MS,
  });

export const offeringsQuery = (workspace: string) =>
  queryOptions({
    queryKey: [workspace, 'offerings'],
    queryFn: () => answer(api.GET('/api/v1/offerings', { params: WHOLE })),
    staleTime: SELDOM_MS,
  });

/** The products and campaigns to choose from: one page of them. */
export const productNamesQuery = (workspace: string) =>
  queryOptions({
    queryKey: [workspace, 'products', 'names'],
    queryFn: () => answer(api.GET('/api/v1/products', { params: WHOLE })),
    staleTime: SELDOM_MS,
  });

export const campaignNamesQuery = (workspace: string) =>
  queryOptions({
    queryKey: [workspace, 'campaigns', 'names'],
    queryFn: () => answer(api.GET('/api/v1/messaging/campaigns', { params: WHOLE })),
    staleTime: SELDOM_MS,
  });

export const categoriesQuery = (workspace: string) =>
  queryOptions({
    queryKey: [workspace, 'categories'],
    queryFn: () => answer(api.GET('/api/v1/categories', { params: WHOLE })),
    staleTime: SELDOM_MS,
  });

export const plansQuery = (workspace: string) =>
  queryOptions({
    queryKey: [workspace, 'plans', 'all'],
    queryFn: () => answer(api.GET('/api/v1/plans', { params: WHOLE })),
    staleTime: SELDOM_MS,
  });

export const topicsQuery = (workspace: string) =>
  queryOptions({
    queryKey: [workspace, 'topics'],
    queryFn: () => answer(api.GET('/api/v1/news/topics')),
    staleTime: SELDOM_MS,
  });

export const socialAccountsQuery = (workspace: string) =>
  queryOptions({
    queryKey: [workspace, 'social-accounts', 'all'],
    queryFn: () => answer(api.GET('/api/v1/social/accounts', { params: WHOLE })),
  });

export const socialContentsQuery = (workspace: string) =>
  queryOptions({
    queryKey: [workspace, 'social-contents', 'all'],
    queryFn: () => answer(api.GET('/api/v1/social/contents', { params: WHOLE })),
  });

export const membersQuery = (workspace: string) =>
  queryOptions({
    queryKey: [workspace, 'members', 'all'],
    queryFn: () => answer(api.GET('/api/v1/members', { params: WHOLE })),
    staleTime: SELDOM_MS,
  });

/** Whoever acted, which can be a member, a key or a contact, is named by the bare UUID; a member by an id with a prefix. */
export function sameId(id: string, uuid: string | null | undefined) {
  return uuid != null && id.split('_')[1] === uuid.replaceAll('-', '');
}

export const tagsQuery = (workspace: string) =>
  queryOptions({ queryKey: [workspace, 'tags'], queryFn: () => answer(api.GET('/api/v1/tags')) });

export const contactNameQuery = (workspace: string, id: string) =>
  queryOptions({
    queryKey: [workspace, 'contact-name', id],
    queryFn: async () => {
      const contact = await answer(api.GET('/api/v1/contacts/{id}', { params: { path: { id } } }));
      return contact.name || contact.phone || contact.email || '–';
    },
    staleTime: SELDOM_MS,
  });

export function useMe() {
  return useQuery(meQuery()).data;
}

/** The roles, from the lowest to the highest. */
export const ROLES: Schemas['Role'][] = ['viewer', 'agent', 'admin', 'owner'];

export function rankOf(role = 'viewer') {
  return ROLES.findIndex((one) => one === role);
}

/** Whether the user's role is this or a higher one. The API decides; this only hides what it would refuse. */
export function useIs(role: 'agent' | 'admin' | 'owner') {
  return rankOf(useMe()?.role ?? undefined) >= rankOf(role);
}

export function useWorkspace() {
  return useQuery(workspaceQuery(useWorkspaceId())).data;
}
