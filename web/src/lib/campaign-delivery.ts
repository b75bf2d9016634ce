// How fast, how carefully and by whose clock a campaign goes out, as its form writes it.

import type { TFunction } from 'i18next';
import type { Schemas } from '@/api/client';

type Delivery = Schemas['CampaignDelivery'];
type SendIn = Schemas['CampaignSendIn'];

export const SEND_IN: SendIn[] = ['workspace_zone', 'recipient_zone', 'best_hour'];

export interface DraftDelivery {
  sendIn: SendIn;
  /** Messages per second. Empty: as fast as the channel. */
  throttle: string;
  hasCanary: boolean;
  canaryBy: 'recipients' | 'percent';
  canarySize: string;
  canaryWait: string;
  canaryFails: string;
  hasBreaker: boolean;
  breakerWindow: string;
  breakerMinimum: string;
  breakerFails: string;
  /** Somebody may have set them by the API. */
  classes: Record<string, number>;
  hasCap: boolean;
  capMessages: string;
  capDays: string;
}

export const USUAL: DraftDelivery = {
  sendIn: 'workspace_zone',
  throttle: '',
  hasCanary: false,
  canaryBy: 'recipients',
  canarySize: '200',
  canaryWait: '15',
  canaryFails: '5',
  hasBreaker: true,
  breakerWindow: '10',
  breakerMinimum: '100',
  breakerFails: '25',
  classes: {},
  hasCap: false,
  capMessages: '2',
  capDays: '7',
};

const text = (value: number | null | undefined, usual: string) => (value == null ? usual : String(value));

export function deliveryOf({ delivery, send_in: sendIn }: Schemas['Campaign']): DraftDelivery {
  const { throttle, canary, breaker, frequency_cap: cap } = delivery;
  return {
    sendIn,
    throttle: text(throttle, USUAL.throttle),
    hasCanary: Boolean(canary),
    canaryBy: canary?.percent == null ? 'recipients' : 'percent',
    canarySize: text(canary?.percent ?? canary?.recipients, USUAL.canarySize),
    canaryWait: text(canary?.wait_minutes, USUAL.canaryWait),
    canaryFails: text(canary?.max_failure_percent, USUAL.canaryFails),
    hasBreaker: breaker?.enabled ?? true,
    breakerWindow: text(breaker?.window_minutes, USUAL.breakerWindow),
    breakerMinimum: text(breaker?.minimum, USUAL.breakerMinimum),
    breakerFails: text(breaker?.max_failure_percent, USUAL.breakerFails),
    classes: breaker?.classes ?? {},
    hasCap: Boolean(cap),
    capMessages: text(cap?.messages, USUAL.capMessages),
    capDays: text(cap?.days, USUAL.capDays),
  };
}

export function deliveryBody(draft: DraftDelivery): { delivery: Delivery; send_in: SendIn } {
  const size = Number(draft.canarySize);
  return {
    send_in: draft.sendIn,
    delivery: {
      ...(draft.throttle.trim() && { throttle: Number(draft.throttle) }),
      ...(draft.hasCanary && {
        canary: {
          ...(draft.canaryBy === 'percent' ? { percent: size } : { recipients: size }),
          wait_minutes: Number(draft.canaryWait),
          max_failure_percent: Number(draft.canaryFails),
        },
      }),
      breaker: {
        enabled: draft.hasBreaker,
        classes: draft.classes,
        // Fields that nobody sees have the API's own values.
        ...(draft.hasBreaker && {
          window_minutes: Number(draft.breakerWindow),
          minimum: Number(draft.breakerMinimum),
          max_failure_percent: Number(draft.breakerFails),
        }),
      },
      ...(draft.hasCap && {
        frequency_cap: { messages: Number(draft.capMessages), days: Number(draft.capDays) },
      }),
    },
  };
}

/** What the API would refuse, by its pointers. */
export function deliveryFaults(draft: DraftDelivery, t: TFunction): Record<string, string> {
  const faults: Record<string, string> = {};
  const within = (pointer: string, value: string, least: number, most: number) => {
    const number = Number(value);
    const fits = value.trim() !== '' && Number.isInteger(number) && number >= least && number <= most;
    if (!fits) faults[`/delivery/${pointer}`] = t('campaigns.delivery.within', { least, most });
  };
  if (draft.throttle.trim() && !(Number(draft.throttle) >= SLOWEST))
    faults['/delivery/throttle'] = t('campaigns.delivery.slowest', { least: SLOWEST });
  if (draft.hasCanary) {
    const isShare = draft.canaryBy === 'percent';
    within(`canary/${draft.canaryBy}`, draft.canarySize, 1, isShare ? 50 : 100_000);
    within('canary/wait_minutes', draft.canaryWait, 1, 1_440);
    within('canary/max_failure_percent', draft.canaryFails, 0, 100);
  }
  if (draft.hasBreaker) {
    within('breaker/window_minutes', draft.breakerWindow, 1, 60);
    within('breaker/minimum', draft.breakerMinimum, 10, 10_000);
    within('breaker/max_failure_percent', draft.breakerFails, 1, 100);
  }
  if (draft.hasCap) {
    within('frequency_cap/messages', draft.capMessages, 1, 1_000);
    within('frequency_cap/days', draft.capDays, 1, 90);
  }
  return faults;
}

/** Messages per second: one in 100 seconds. */
const SLOWEST = 0.01;

/** The delivery in words, one line for each part. The usual breaker is named too: it can stop the campaign. */
export function deliveryWords(draft: DraftDelivery, t: TFunction) {
  const words = (part: string, values?: object) => t(`campaigns.delivery.words.${part}`, { ...values });
  const size = { size: draft.canarySize, wait: draft.canaryWait, fails: draft.canaryFails };
  return {
    clock: words(`clock.${draft.sendIn}`),
    speed: draft.throttle.trim() ? words('speed', { rate: draft.throttle }) : words('fast'),
    canary: draft.hasCanary ? words(`canary.${draft.canaryBy}`, size) : words('none'),
    breaker: draft.hasBreaker
      ? words('breaker', { fails: draft.breakerFails, minimum: draft.breakerMinimum, minutes: draft.breakerWindow })
      : words('none'),
    cap: draft.hasCap ? words('cap', { messages: draft.capMessages, days: draft.capDays }) : words('ofWorkspace'),
  };
}

/** By the clocks of the recipients it needs a start time. */
export const needsTime = ({ send_in: sendIn }: Schemas['Campaign']) => sendIn !== 'workspace_zone';
