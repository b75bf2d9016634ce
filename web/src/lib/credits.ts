import { useQuery } from '@tanstack/react-query';
import { answer, api, tagged, type Schemas } from '@/api/client';
import { useIs, useWorkspaceId } from './queries';

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

/**
 * A quote as of now, where credits were missing: else all are reserved. For those who may not see the credits it keeps the
 * balance of its time. Nothing is missing while the balance is read.
 */
export function useQuote(quote: Schemas['CreditQuote']): Schemas['CreditQuote'] {
  const lacked = quote.missing > 0;
  const { data, isLoading } = useQuery({ ...creditsQuery(useWorkspaceId()), enabled: useIs('admin') && lacked });
  if (!lacked) return quote;
  if (!data) return isLoading ? { ...quote, missing: 0 } : quote;
  const now = data.data;
  const missing = now.prepaid ? Math.max(0, quote.price - now.available) : 0;
  return { ...quote, available: now.available, missing };
}

export const packsQuery = (workspace: string) => ({
  queryKey: [workspace, 'credits', 'packs'],
  queryFn: () => answer(api.GET('/api/v1/credits/packs')),
});

export const topUpQuery = (workspace: string, id: string) => ({
  queryKey: [workspace, 'credits', 'top-up', id],
  queryFn: () => answer(api.GET('/api/v1/credits/top-ups/{id}', { params: { path: { id } } })),
});
