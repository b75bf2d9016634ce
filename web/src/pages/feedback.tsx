import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { StarIcon } from 'lucide-react';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { statusColumn, timeColumn } from '@/components/columns';
import { ContactName } from '@/components/contact-name';
import { DataTable, type Column } from '@/components/data-table';
import { PageHead } from '@/components/page';
import { Loading } from '@/components/states';
import { Tabs, useTab } from '@/components/tabs';
import { dayOf, useFormat } from '@/lib/format';
import { useWorkspaceId } from '@/lib/queries';
import { cn } from '@/lib/utils';

const FeedbackFigures = lazy(() =>
  import('./feedback-figures').then((module) => ({ default: module.FeedbackFigures })),
);
const FeedbackSettings = lazy(() =>
  import('./feedback-settings').then((module) => ({ default: module.FeedbackSettings })),
);

type Feedback = Schemas['Feedback'];

const STATES = ['asked', 'scored', 'given', 'skipped'] as const;
const BEST = 5;
const SCORES = Array.from({ length: BEST }, (_, index) => BEST - index);

/** A score as stars, and as words for those who do not see them. */
function Stars({ score }: { score: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <span
      role="img"
      className="inline-flex whitespace-nowrap"
      aria-label={t('feedback.ofBest', { score: format.number(score), best: format.number(BEST) })}
    >
      {Array.from({ length: BEST }, (_, index) => (
        <StarIcon
          key={index}
          aria-hidden
          className={cn('size-4', index < score ? 'fill-amber-400 text-amber-600 dark:text-amber-400' : 'text-input')}
        />
      ))}
    </span>
  );
}

function OrderLink({ id }: { id: string }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const number = useQuery({
    queryKey: [workspace, 'order-number', id],
    queryFn: async () => (await answer(api.GET('/api/v1/orders/{id}', { params: { path: { id } } }))).number,
    staleTime: Infinity,
  }).data;
  return (
    <Link to="/orders/$id" params={{ id }} className="text-primary-text hover:underline">
      {t('feedback.order', { number: number ?? '…' })}
    </Link>
  );
}

/** It leads to the day of the booking in the calendar. */
function BookingLink({ id }: { id: string }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const at = useQuery({
    queryKey: [workspace, 'booking-time', id],
    queryFn: async () => (await answer(api.GET('/api/v1/bookings/{id}', { params: { path: { id } } }))).starts_at,
    // The question comes after the booking, whose time stays then.
    staleTime: Infinity,
  }).data;
  return (
    <Link
      to="/bookings"
      search={{ day: at && dayOf(new Date(at), format.zone) }}
      className="text-primary-text hover:underline"
    >
      {t('feedback.booking', { day: format.day(at) })}
    </Link>
  );
}

function Subject({ of }: { of: Feedback }) {
  if (of.order_id) return <OrderLink id={of.order_id} />;
  return of.booking_id ? <BookingLink id={of.booking_id} /> : null;
}

function Answers() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const columns = useMemo<Column<Feedback>[]>(
    () => [
      {
        id: 'score',
        header: t('feedback.score'),
        value: (one) => one.score,
        filter: {
          kind: 'choice',
          server: true,
          quick: true,
          all: t('feedback.allScores'),
          of: (one) => (one.score ? [String(one.score)] : []),
          options: SCORES.map((score) => ({
            value: String(score),
            label: t('feedback.ofBest', { score: format.number(score), best: format.number(BEST) }),
          })),
        },
        cell: (one) => (one.score ? <Stars score={one.score} /> : '–'),
      },
      {
        id: 'words',
        header: t('feedback.words'),
        value: (one) => one.comment,
        filter: { kind: 'text' },
        cell: (one) =>
          one.comment ? (
            <bdi className="block max-w-xl whitespace-pre-line">{one.comment}</bdi>
          ) : (
            <span className="text-muted-foreground">
              {one.reason ? t(`feedback.reasons.${one.reason}`, { defaultValue: one.reason }) : '–'}
            </span>
          ),
      },
      { id: 'subject', header: t('feedback.subject'), cell: (one) => <Subject of={one} /> },
      { id: 'contact', header: t('feedback.contact'), cell: (one) => <ContactName id={one.contact_id} link /> },
      {
        id: 'ticket',
        header: t('feedback.ticket'),
        value: (one) => one.ticket_id,
        cell: (one) =>
          one.ticket_id ? (
            <Link to="/tickets/$id" params={{ id: one.ticket_id }} className="text-primary-text hover:underline">
              {t('feedback.openTicket')}
            </Link>
          ) : (
            '–'
          ),
      },
      statusColumn(t, t('common.state'), t('feedback.all'), STATES),
      timeColumn('created', t('feedback.asked'), format.moment, (one) => one.created_at),
      timeColumn('given', t('feedback.given'), format.moment, (one) => one.given_at, true),
    ],
    [t, format],
  );
  return (
    <DataTable
      name="feedback"
      label={t('feedback.answers')}
      columns={columns}
      source={{
        key: [workspace, 'feedback', 'list'],
        load: ({ filters, limit, cursor }) => {
          const status = STATES.find((one) => one === filters.status);
          const score = filters.score ? Number(filters.score) : undefined;
          return answer(api.GET('/api/v1/feedback', { params: { query: { score, status, limit, cursor } } }));
        },
      }}
      rowId={(one) => one.id}
      empty={{ title: t('feedback.none'), hint: t('feedback.noneHint') }}
    />
  );
}

const PARTS = { answers: <Answers />, figures: <FeedbackFigures />, settings: <FeedbackSettings /> };

export function Feedback() {
  const { t } = useTranslation();
  const tab = useTab(Object.keys(PARTS)) as keyof typeof PARTS;
  return (
    <>
      <PageHead title={t('nav.feedback')} />
      <Tabs label={t('nav.feedback')} tabs={Object.keys(PARTS).map((id) => ({ id, label: t(`feedback.${id}`) }))} />
      <Suspense fallback={<Loading />}>{PARTS[tab]}</Suspense>
    </>
  );
}
