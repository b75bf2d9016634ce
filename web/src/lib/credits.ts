import { answer, api, tagged, type Schemas } from '@/api/client';

export type Credits = Schemas['Credits'];
export type CreditEntry = Schemas['CreditEntry'];

export const ENTRY_KINDS: Schemas['CreditEntryKind'][] = [
  'grant',
  'take',
  'top_up',
  'refund',
  'reserve',
  'charge',
  'release',
  'late',
  'settle',
];

export const readCredits = () => tagged(api.GET('/api/v1/credits'));

export const creditsQuery = (workspace: string) => ({
  queryKey: [workspace, 'credits', 'balance'],
  queryFn: readCredits,
});

export const packsQuery = (workspace: string) => ({
  queryKey: [workspace, 'credits', 'packs'],
  queryFn: () => answer(api.GET('/api/v1/credits/packs')),
});

export const topUpQuery = (workspace: string, id: string) => ({
  queryKey: [workspace, 'credits', 'top-up', id],
  queryFn: () => answer(api.GET('/api/v1/credits/top-ups/{id}', { params: { path: { id } } })),
});
