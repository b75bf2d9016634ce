// A campaign as its form writes it.

import { queryOptions } from '@tanstack/react-query';
import { answer, api, type Schemas } from '@/api/client';
import { deliveryBody, deliveryOf, USUAL, type DraftDelivery } from './campaign-delivery';
import { contentOf, EMPTY_WORDS, gapsOfWords, wordsOf, type Wants, type Words } from './campaign-words';
import { experimentOf, NO_TEST, testOf, type TestDraft } from './experiment';

type Campaign = Schemas['Campaign'];
/** What the template of some words asks for. */
type WantsOf = (words: Words) => Wants;

/** Whom a campaign is for, besides the segments. */
export const EVERYBODY = 'everybody';
export const OWN = 'own';

export interface Draft extends Words {
  name: string;
  channel: string;
  test: TestDraft;
  days: string;
  /** The id of a segment, `EVERYBODY`, `OWN`, or nothing yet. */
  audience: string;
  delivery: DraftDelivery;
}

export const EMPTY: Draft = {
  ...EMPTY_WORDS,
  name: '',
  channel: '',
  test: NO_TEST,
  days: '7',
  audience: '',
  delivery: USUAL,
};

export function draftOf(campaign: Campaign): Draft {
  return {
    ...wordsOf(campaign.content),
    name: campaign.name,
    channel: campaign.channel_id,
    test: testOf(campaign.experiment),
    days: String(campaign.conversion_days),
    audience: campaign.segment_id ?? (campaign.audience ? OWN : EVERYBODY),
    delivery: deliveryOf(campaign),
  };
}

/** What the API takes. `own` is the rule of a campaign that has one instead of a segment. */
export function bodyOf(draft: Draft, wants: WantsOf, own: Campaign['audience']): Schemas['NewCampaign'] {
  return {
    name: draft.name.trim(),
    channel_id: draft.channel,
    segment_id: [EVERYBODY, OWN].includes(draft.audience) ? null : draft.audience,
    audience: draft.audience === OWN ? own : null,
    content: contentOf(draft, wants(draft)),
    experiment: experimentOf(draft.test, wants),
    conversion_days: Number(draft.days),
    ...deliveryBody(draft.delivery),
  };
}

/** Whether two states of a campaign say the same to the form. */
export function sameDraft(one: Campaign, other: Campaign) {
  return JSON.stringify(draftOf(one)) === JSON.stringify(draftOf(other));
}

/** What a person has not filled in, before the API is asked. */
export function gapsOf(draft: Draft, wants: WantsOf, required: string): Record<string, string> {
  const gaps: Record<string, string> = {};
  const ask = (pointer: string, isMissing: boolean) => {
    if (isMissing) gaps[pointer] = required;
  };
  ask('/name', !draft.name.trim());
  ask('/channel_id', !draft.channel);
  ask('/conversion_days', !draft.days.trim());
  return { ...gaps, ...gapsOfWords(draft, wants(draft), required) };
}

/** The fault at a place, or at a part of it. */
export function faultAt(faults: Record<string, string>, pointer: string) {
  const at = Object.keys(faults).find((one) => one === pointer || one.startsWith(`${pointer}/`));
  return at === undefined ? undefined : faults[at];
}

/** The values of a message's text and buttons. */
export function valuesOf(content: Schemas['CampaignContent']) {
  const values: Schemas['Parameter'][] = [...(content.parameters ?? [])];
  if (content.kind === 'template')
    for (const { buttons } of [content, ...(content.cards ?? [])])
      for (const button of buttons ?? []) if ('url' in button) values.push(button.url.value);
  return values;
}

/** The campaign's content, and those of the arms of its test. */
export function contentsOf({ content, experiment }: Campaign) {
  return [content, ...(experiment?.arms.flatMap((arm) => arm.content ?? []) ?? [])];
}

/** The addresses that a campaign leads to. */
export function linksOf(campaign: Campaign) {
  const links = contentsOf(campaign).flatMap((content) => {
    const targets = valuesOf(content).flatMap((value) => ('link' in value ? [value.link.url] : []));
    if (content.kind === 'template' && content.header && 'link' in content.header) targets.push(content.header.link);
    return targets;
  });
  return [...new Set(links)];
}

export const LIVE_MS = 2_000;
/** After the end, statuses of messages come slowly. */
const OVER_MS = 30_000;
/** States in which a campaign changes by itself all the time. The stream tells when a scheduled one starts. */
export const LIVE: string[] = ['planning', 'sending'];

const everyOf = (status: string) =>
  LIVE.includes(status) ? LIVE_MS : ['completed', 'paused'].includes(status) ? OVER_MS : false;

export const funnelQuery = (workspace: string, { id, status }: Campaign) =>
  queryOptions({
    queryKey: [workspace, 'funnel', id, status],
    queryFn: () => answer(api.GET('/api/v1/messaging/campaigns/{id}/funnel', { params: { path: { id } } })),
    refetchInterval: everyOf(status),
  });

/** What became of the arms of a campaign. */
export const figuresQuery = (workspace: string, { id, status }: Campaign) =>
  queryOptions({
    queryKey: [workspace, 'experiment', id, status],
    queryFn: () => answer(api.GET('/api/v1/messaging/campaigns/{id}/experiment', { params: { path: { id } } })),
    refetchInterval: everyOf(status),
  });
