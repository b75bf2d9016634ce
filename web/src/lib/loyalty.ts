// What the pages of the loyalty programme ask for. Their keys begin with `loyalty`, which the stream of events reads again.

import { queryOptions } from '@tanstack/react-query';
import { answer, api, LARGEST, tagged, type Schemas } from '@/api/client';

export type PointsAccount = Schemas['PointsAccount'];
export type Reward = Schemas['LoyaltyReward'];
export type Tier = Schemas['LoyaltyTier'];
export type Redemption = Schemas['Redemption'];

export const loyaltySettingsQuery = (workspace: string) =>
  queryOptions({
    queryKey: [workspace, 'loyalty', 'settings'],
    queryFn: () => answer(api.GET('/api/v1/loyalty/settings')),
  });

export const tiersQuery = (workspace: string) =>
  queryOptions({
    queryKey: [workspace, 'loyalty', 'tiers'],
    queryFn: () => answer(api.GET('/api/v1/loyalty/tiers')),
  });

export const rewardsQuery = (workspace: string) =>
  queryOptions({
    queryKey: [workspace, 'loyalty', 'rewards', 'all'],
    queryFn: () => answer(api.GET('/api/v1/loyalty/rewards', { params: { query: { limit: LARGEST } } })),
  });

export const accountQuery = (workspace: string, contact_id: string) =>
  queryOptions({
    queryKey: [workspace, 'loyalty', 'account', contact_id],
    queryFn: () => answer(api.GET('/api/v1/loyalty/accounts/{contact_id}', { params: { path: { contact_id } } })),
  });

export const readReward = (id: string) => tagged(api.GET('/api/v1/loyalty/rewards/{id}', { params: { path: { id } } }));
export const readTier = (id: string) => tagged(api.GET('/api/v1/loyalty/tiers/{id}', { params: { path: { id } } }));

/** What a reward that was taken is now. */
export function stateOf({ used_at, expires_at }: Redemption) {
  if (used_at) return 'used';
  return Date.parse(expires_at) <= Date.now() ? 'expired' : 'open_code';
}

/** Why a contact cannot take a reward now, or nothing. */
export function whyNot(reward: Reward, balance: number) {
  if (!reward.active) return 'inactive';
  if (reward.stock === 0) return 'outOfStock';
  if (reward.valid_until && Date.parse(reward.valid_until) <= Date.now()) return 'over';
  return reward.cost > balance ? 'tooFew' : undefined;
}
