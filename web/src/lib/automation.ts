// What an automation does, in words and as the API wants it.

import { queryOptions, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, ApiError, tagged, type Schemas } from '@/api/client';
import { segmentsQuery, useWorkspaceId } from './queries';

export type Automation = Schemas['Automation'];
export type Step = Schemas['AutomationStep'];
export type Action = Schemas['AutomationAction'];
export type Trigger = Schemas['AutomationTrigger'];

export const AUTOMATION = '/api/v1/messaging/automations/{id}';
export const AUTOMATION_STATES = ['draft', 'active', 'paused'] as const;

/** The values of a trigger's subject, which can stand in a template's text. */
export const SUBJECTS: Record<Trigger['kind'], readonly string[]> = {
  cron: [],
  anniversary: ['date', 'years'],
  inactive: ['days'],
  cart_abandoned: ['pieces'],
  order_delivered: ['number', 'total'],
  booking_completed: ['date', 'time'],
  subscription_ended: ['date', 'plan'],
  points_reached: ['points'],
};

/** Whether its contacts enter when something happens to them, and not when Kazi looks for them. */
export const isOfEvents = (kind: string | undefined) =>
  ['order_delivered', 'booking_completed', 'subscription_ended', 'points_reached'].includes(kind ?? '');

export const readAutomation = (id: string) => tagged(api.GET(AUTOMATION, { params: { path: { id } } }));

export const automationQuery = (workspace: string, id: string) =>
  queryOptions({ queryKey: [workspace, 'automation', id], queryFn: () => readAutomation(id) });

export const automationFiguresQuery = (workspace: string, id: string) =>
  queryOptions({
    queryKey: [workspace, 'automation-figures', id],
    queryFn: () => answer(api.GET(`${AUTOMATION}/figures`, { params: { path: { id } } })),
  });

/** How many contacts would enter at once, if that is why the API refused. Its sentence begins with the number. */
export function unconfirmedReach(error: unknown) {
  if (!(error instanceof ApiError) || error.problem?.code !== 'reach_unconfirmed') return null;
  return Number.parseInt(error.problem.detail ?? '', 10) || 0;
}

export const MINUTES = { minute: 1, hour: 60, day: 1_440 } as const;
export type Unit = keyof typeof MINUTES;

/** The largest unit in which the minutes are a whole number. */
export function unitOf(minutes: number): Unit {
  if (minutes > 0 && minutes % MINUTES.day === 0) return 'day';
  return minutes > 0 && minutes % MINUTES.hour === 0 ? 'hour' : 'minute';
}

/** A name inside a sentence keeps its own direction. */
const isolated = (text: string) => `\u2068${text}\u2069`;

export function useAutomationWords() {
  const { t, i18n } = useTranslation();
  const segments = useQuery(segmentsQuery(useWorkspaceId())).data?.items;
  const segment = (id: string) => isolated(segments?.find((one) => one.id === id)?.name ?? '…');
  const span = (minutes: number) => {
    const unit = unitOf(minutes);
    return new Intl.NumberFormat(i18n.language, { style: 'unit', unit, unitDisplay: 'long' }).format(
      minutes / MINUTES[unit],
    );
  };
  const when = (one: Schemas['AutomationCondition']) => {
    if (one.kind === 'segment') return t('automations.if.segment', { name: segment(one.segment_id) });
    if (one.kind === 'tag') return t('automations.if.tag', { name: isolated(one.tag) });
    return t(`automations.if.${one.kind}`);
  };
  const action = (one: Action) => {
    switch (one.kind) {
      case 'wait':
        return t('automations.words.wait', { time: span(one.minutes) });
      case 'wait_until':
        return t('automations.words.wait_until', { time: isolated(one.time) });
      case 'condition':
        return t('automations.words.condition', { what: when(one.when) });
      case 'send':
        return t('automations.words.send', {
          name: isolated(one.content.kind === 'template' ? one.content.name : one.content.text),
        });
      case 'add_tag':
      case 'remove_tag':
        return t(`automations.words.${one.kind}`, { name: isolated(one.tag) });
      case 'stop':
        return t('automations.words.stop');
    }
  };
  /** Where a step leads that does not lead to the one below it. */
  const leads = (step: Step, steps: Step[]) => {
    const number = (key: string) => steps.findIndex((one) => one.key === key) + 1;
    const said: string[] = [];
    if (step.next) said.push(t('automations.words.next', { step: number(step.next) }));
    if (step.action.kind === 'condition')
      said.push(
        step.action.otherwise
          ? t('automations.words.otherwise', { step: number(step.action.otherwise) })
          : t('automations.words.otherwiseEnd'),
      );
    return said;
  };
  const trigger = (one: Trigger) => {
    switch (one.kind) {
      case 'cron':
        return t('automations.when.cron', {
          expression: isolated(one.expression),
          who: one.segment_id
            ? segment(one.segment_id)
            : one.audience
              ? t('campaigns.ownAudience')
              : t('automations.everybody'),
        });
      case 'anniversary':
        return t('automations.when.anniversary', { field: isolated(one.field), time: isolated(one.time) });
      case 'inactive':
        return t('automations.when.inactive', { time: span(one.days * MINUTES.day) });
      case 'cart_abandoned':
        return t('automations.when.cart_abandoned', { time: span(one.minutes) });
      case 'points_reached':
        return t('automations.when.points_reached', { points: one.points });
      default:
        return t(`automations.kinds.${one.kind}`);
    }
  };
  return { trigger, action, leads };
}

/** A step that leads to one which is no longer behind it leads to the next one again. */
export function led(steps: Step[]): Step[] {
  return steps.map(({ next, ...step }, at) => {
    const later = new Set(steps.slice(at + 1).map((one) => one.key));
    const kept = (key: string | null | undefined) => (key && later.has(key) ? key : undefined);
    const { action } = step;
    return {
      ...step,
      ...(kept(next) && { next }),
      action: action.kind === 'condition' ? { ...action, otherwise: kept(action.otherwise) } : action,
    };
  });
}

/** A key that no step has or had while the form was open. Figures are kept by it, so it never changes. */
export function freshKey(steps: Step[]) {
  const numbers = steps.map((one) => Number(/^step-(\d+)$/.exec(one.key)?.[1] ?? 0));
  return `step-${Math.max(0, ...numbers) + 1}`;
}

export function isComplete({ action }: Step) {
  if (action.kind === 'wait') return action.minutes >= 1;
  if (action.kind === 'wait_until') return action.time !== '';
  if (action.kind === 'add_tag' || action.kind === 'remove_tag') return action.tag.trim() !== '';
  if (action.kind === 'condition')
    return action.when.kind === 'tag'
      ? action.when.tag.trim() !== ''
      : action.when.kind !== 'segment' || action.when.segment_id !== '';
  if (action.kind === 'send') {
    const { content } = action;
    if (content.kind === 'text') return content.text.trim() !== '';
    return action.channel_id !== '' && content.name !== '';
  }
  return true;
}
