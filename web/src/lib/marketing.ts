// What the pages of marketing campaigns ask for. Their keys begin with `marketing`.

import { queryOptions } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { answer, api, tagged, type Schemas } from '@/api/client';

export type MarketingCampaign = Schemas['MarketingCampaignView'];
export type MarketingAnalytics = Schemas['MarketingAnalytics'];
export type MarketingExpense = Schemas['MarketingExpense'];
export type MarketingPart = Schemas['MarketingPartFigures'];
export type PartKind = MarketingPart['kind'];

export const MARKETING = '/api/v1/marketing/campaigns/{id}';
export const MARKETING_STATES = ['draft', 'active', 'ended', 'archived'] as const;
export const OBJECTIVES = ['awareness', 'traffic', 'engagement', 'leads', 'sales', 'loyalty'] as const;
export const MEASURES = ['sent', 'read', 'clicks', 'replies', 'conversions', 'revenue'] as const;
export const PART_KINDS = ['broadcast', 'post', 'automation'] as const;

const paramsOf = (id: string) => ({ params: { path: { id } } });

export const readMarketing = (id: string) => tagged(api.GET(MARKETING, paramsOf(id)));

export const marketingQuery = (workspace: string, id: string) =>
  queryOptions({ queryKey: [workspace, 'marketing', id], queryFn: () => readMarketing(id) });

/** A period of days, with both ends. Without an end it is open there. */
export interface Span {
  from?: string;
  until?: string;
}

export const marketingAnalyticsQuery = (workspace: string, id: string, span: Span) =>
  queryOptions({
    queryKey: [workspace, 'marketing', id, 'analytics', span.from, span.until],
    queryFn: () => answer(api.GET(`${MARKETING}/analytics`, { params: { path: { id }, query: span } })),
  });

/** Where a part stands in the app. */
export function placeOfPart({ kind, part_id }: Pick<MarketingPart, 'kind' | 'part_id'>) {
  if (kind === 'broadcast') return `/campaigns/${part_id}`;
  return kind === 'automation' ? `/automations/${part_id}` : '/social?tab=contents';
}

/** Attaches what was made to the marketing campaign from whose page it was begun, if it was. */
export function useAttachNew() {
  const { marketing } = useSearch({ strict: false });
  return async (part_id: string) => {
    if (marketing) await api.POST(`${MARKETING}/parts`, { ...paramsOf(marketing), body: { part_id } });
  };
}
