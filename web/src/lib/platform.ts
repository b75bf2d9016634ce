// What the platform's staff asks for. Each call stands in the log of the staff, so nothing asks by itself again.

import { answer, api, LARGEST } from '@/api/client';

/** Whether this is a page of the platform's staff. */
export const isOfStaff = (path = '') => /^\/(staff|ops)(?![^/?])/.test(path);

/** Whether a page is the same in every workspace: those of the staff, and the profile of the user. */
export const needsNoWorkspace = (path = '') => isOfStaff(path) || /^\/profile(?![^/?])/.test(path);

export const QUIET = { staleTime: 60_000, refetchOnWindowFocus: false };

export const platformUserQuery = (workspace: string, id: string) => ({
  queryKey: [workspace, 'platform', 'user', id],
  queryFn: () => answer(api.GET('/api/v1/admin/users/{id}', { params: { path: { id } } })),
  ...QUIET,
});

export const platformWorkspaceQuery = (workspace: string, id: string) => ({
  queryKey: [workspace, 'platform', 'workspace', id],
  queryFn: () => answer(api.GET('/api/v1/admin/workspaces/{id}', { params: { path: { id } } })),
  ...QUIET,
});

export const platformStaffQuery = (workspace: string) => ({
  queryKey: [workspace, 'platform', 'staff'],
  queryFn: () => answer(api.GET('/api/v1/admin/users', { params: { query: { is_staff: true, limit: LARGEST } } })),
  ...QUIET,
});

export const platformSettingsQuery = (workspace: string) => ({
  queryKey: [workspace, 'platform', 'settings'],
  queryFn: () => answer(api.GET('/api/v1/admin/settings')),
  ...QUIET,
});
