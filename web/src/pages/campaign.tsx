import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import {
  BanIcon,
  CalendarClockIcon,
  FlaskConicalIcon,
  ListChecksIcon,
  PauseIcon,
  PlayIcon,
  SendIcon,
} from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { statusColumn } from '@/components/columns';
import { Confirm } from '@/components/confirm';
import { ContactName } from '@/components/contact-name';
import { DataTable, type Column } from '@/components/data-table';
import { DayChart } from '@/components/day-chart';
import { ExportButton } from '@/components/export-button';
import { Field } from '@/components/field';
import { Fact, Facts, PageHead } from '@/components/page';
import { StateBadge } from '@/components/state-badge';
import { Failed, Loading } from '@/components/states';
import { TemplatePreview } from '@/components/template-preview';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { Input } from '@/components/ui/input';
import { Skeleton } from '@/components/ui/skeleton';
import { useAct } from '@/lib/act';
import { shifted } from '@/lib/days';
import { dayOf, useFormat } from '@/lib/format';
import { channelsQuery, segmentsQuery, templatesQuery, useIs, useWorkspaceId } from '@/lib/queries';
import { previewOf } from '@/lib/template';

type Campaign = Schemas['Campaign'];
type Recipient = Schemas['Page_RecipientView']['items'][number];

const RECIPIENT_STATES = ['planned', 'left_out', 'queued'] as const;
const LIVE_MS = 2_000;
const LIVE = ['planning', 'sending', 'scheduled'];

function Bar({ label, value, of }: { label: string; value: number; of: number }) {
  const format = useFormat();
  const share = of > 0 ? value / of : 0;
  return (
    <li className="grid grid-cols-[7rem_1fr_auto] items-center gap-3 text-sm">
      <span>{label}</span>
      <span className="h-6 overflow-hidden rounded-sm bg-muted" aria-hidden>
        <span className="block h-full bg-primary transition-[width]" style={{ width: `${share * 100}%` }} />
      </span>
      <span className="min-w-20 text-end tabular-nums">
        {format.number(value)} <span className="text-muted-foreground">({format.percent(share)})</span>
      </span>
    </li>
  );
}

export function Reasons({ title, reasons }: { title: string; reasons: Record<string, unknown> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const entries = Object.entries(reasons).filter(([, count]) => Number(count) > 0);
  if (!entries.length) return null;
  return (
    <div className="mt-6">
      <h3 className="mb-2 text-sm font-semibold">{title}</h3>
      <ul className="grid gap-1 text-sm">
        {entries.map(([reason, count]) => (
          <li key={reason} className="flex justify-between gap-4">
            <span>{t(`campaigns.reasons.${reason}`, { defaultValue: reason.replaceAll('_', ' ') })}</span>
            <span className="tabular-nums">{format.number(Number(count))}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What the choice of the recipients has told. */
export function ReportFacts({
  report,
  isOver = false,
}: {
  report: NonNullable<Campaign['report']>;
  /** The campaign has taken its time: what it would take tells nothing more. */
  isOver?: boolean;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <Fact label={t('campaigns.recipients')}>
        {t('campaigns.recipientsOf', {
          recipients: format.number(report.recipients),
          contacts: format.number(report.contacts),
        })}
      </Fact>
      <Fact label={t('campaigns.cost')}>
        {report.cost ? format.micros(report.cost.micros, report.cost.currency) : t('campaigns.unpriced')}
      </Fact>
      {!isOver && (
        <Fact label={t('campaigns.takes')}>
          {t('campaigns.minutes', { count: Math.max(1, Math.ceil(report.seconds / 60)) })}
        </Fact>
      )}
    </>
  );
}

const STEPS = ['recipients', 'sent', 'delivered', 'read', 'clicked', 'replied', 'converted', 'opted_out'] as const;

/** Whether its message has a tracked link. */
function isTracked({ content }: Campaign) {
  const values: Schemas['Parameter'][] = [...(content.parameters ?? [])];
  if (content.kind === 'template')
    for (const button of content.buttons ?? []) if ('url' in button) values.push(button.url.value);
  return values.some((value) => 'link' in value);
}

function Funnel({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const format = useFormat();
  const workspace = useWorkspaceId();
  const funnel = useQuery({
    queryKey: [workspace, 'funnel', campaign.id, campaign.status],
    queryFn: () =>
      answer(api.GET('/api/v1/messaging/campaigns/{id}/funnel', { params: { path: { id: campaign.id } } })),
    refetchInterval: LIVE.includes(campaign.status) || campaign.status === 'completed' ? LIVE_MS : false,
  });
  return (
    <Card>
      <CardTitle>{t('campaigns.funnel')}</CardTitle>
      {funnel.isPending ? (
        <Skeleton className="h-40" />
      ) : funnel.isError ? (
        <Failed error={funnel.error} retry={() => void funnel.refetch()} />
      ) : funnel.data.recipients === 0 ? (
        <p className="text-sm text-muted-foreground">{t('campaigns.notPlanned')}</p>
      ) : (
        <>
          <ol className="grid gap-3">
            {STEPS.filter((step) => step !== 'clicked' || isTracked(campaign)).map((step) => (
              <Bar
                key={step}
                label={t(`campaigns.steps.${step}`)}
                value={funnel.data[step]}
                of={funnel.data.recipients}
              />
            ))}
          </ol>
          <Facts>
            {isTracked(campaign) && <Fact label={t('campaigns.clicks')}>{format.number(funnel.data.clicks)}</Fact>}
            <Fact label={t('campaigns.conversions')}>{format.number(funnel.data.conversions)}</Fact>
            <Fact label={t('campaigns.revenue')}>
              {funnel.data.revenue.map((one) => format.money(one.amount_minor, one.currency)).join(', ') || '–'}
            </Fact>
          </Facts>
          <p className="mt-2 text-xs text-muted-foreground">
            {t(isTracked(campaign) ? 'campaigns.afterClick' : 'campaigns.afterDelivery', {
              count: campaign.conversion_days,
            })}
          </p>
          <Reasons title={t('campaigns.leftOut')} reasons={funnel.data.left_out.reasons} />
          <Reasons title={t('campaigns.failed')} reasons={funnel.data.failed.codes} />
        </>
      )}
    </Card>
  );
}

const HOUR_MS = 3_600_000;
/** So long the hours of a campaign are shown, and then its days. */
const HOURS_MS = 48 * HOUR_MS;

/** When its messages arrived, and when people clicked or ordered. */
function Timeline({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const format = useFormat();
  const workspace = useWorkspaceId();
  const started = campaign.started_at;
  const by = started && Date.now() - Date.parse(started) < HOURS_MS ? 'hour' : 'day';
  const query = useQuery({
    queryKey: [workspace, 'timeline', campaign.id, by],
    queryFn: () =>
      answer(
        api.GET('/api/v1/messaging/campaigns/{id}/timeline', {
          params: { path: { id: campaign.id }, query: { by } },
        }),
      ),
    enabled: Boolean(started),
    refetchInterval: campaign.status === 'sending' ? LIVE_MS : false,
  });
  if (!started) return null;
  const items = query.data?.items ?? [];
  const name = (at: string) => (by === 'hour' ? format.moment(at) : format.day(at));
  // Hours and days in which nothing happened stand between the others. An hour is told from its name, because the one before
  // the clocks go back has the same name as the one after.
  const keyOf = (at: string) => (by === 'hour' ? String(Date.parse(at)) : dayOf(new Date(at), format.zone));
  const found = new Map(items.map((one) => [keyOf(one.at), one]));
  const times: string[] = [];
  const [first, last] = [items[0]?.at, items.at(-1)?.at];
  if (first && last) {
    if (by === 'hour')
      for (let at = Date.parse(first); at <= Date.parse(last); at += HOUR_MS) times.push(new Date(at).toISOString());
    else for (let day = keyOf(first); day <= keyOf(last); day = shifted(day, 1)) times.push(format.at(day, '12:00'));
  }
  const names = times.map(name);
  const second = isTracked(campaign) ? 'clicks' : 'conversions';
  const series = (['delivered', second] as const).map((what) => ({
    name: t(what === 'delivered' ? 'campaigns.steps.delivered' : `campaigns.${what}`),
    values: times.map((at) => found.get(keyOf(at))?.[what] ?? 0),
  }));
  return (
    <Card>
      <CardTitle>{t('campaigns.timeline')}</CardTitle>
      {query.isPending ? (
        <Skeleton className="h-72" />
      ) : query.isError ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : names.length === 0 ? (
        <p className="text-sm text-muted-foreground">{t('campaigns.timelineNone')}</p>
      ) : (
        <DayChart label={t('campaigns.timeline')} days={names} series={series} show={format.number} />
      )}
    </Card>
  );
}

function Moves({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const format = useFormat();
  const params = { path: { id: campaign.id } };
  const base = '/api/v1/messaging/campaigns/{id}';
  const [phone, setPhone] = useState('');
  const [day, setDay] = useState(() => shifted(format.today(), 1));
  const [time, setTime] = useState('09:00');
  const plan = useAct(() => api.POST(`${base}/plan`, { params }), t('campaigns.planning'));
  const send = useAct(() => api.POST(`${base}/send`, { params }), t('campaigns.started'));
  const schedule = useAct(
    () => api.POST(`${base}/schedule`, { params, body: { at: format.at(day, time) } }),
    t('campaigns.scheduled'),
  );
  const test = useAct(() => api.POST(`${base}/test`, { params, body: { phone } }), t('campaigns.tested'));
  const pause = useAct(() => api.POST(`${base}/pause`, { params }), t('common.done'));
  const resume = useAct(() => api.POST(`${base}/resume`, { params }), t('common.done'));
  const cancel = useAct(() => api.POST(`${base}/cancel`, { params }), t('common.done'));
  const is = (...states: Campaign['status'][]) => states.includes(campaign.status);
  const count = campaign.report?.recipients ?? 0;
  const icon = (Icon: typeof SendIcon, words: string, variant?: 'outline'): ReactNode => (
    <Button variant={variant}>
      <Icon aria-hidden />
      {words}
    </Button>
  );
  return (
    <>
      {is('draft', 'planned') && (
        <Button
          variant={is('draft') ? 'default' : 'outline'}
          disabled={plan.isPending}
          onClick={() => plan.mutate(undefined)}
        >
          <ListChecksIcon aria-hidden />
          {is('draft') ? t('campaigns.plan') : t('campaigns.planAgain')}
        </Button>
      )}
      {is('draft', 'planned', 'scheduled') && (
        <Confirm
          trigger={icon(FlaskConicalIcon, t('campaigns.test'), 'outline')}
          title={t('campaigns.testTitle')}
          text={t('campaigns.testText')}
          action={t('campaigns.test')}
          onConfirm={() => test.mutateAsync(undefined)}
        >
          <Field label={t('contacts.phone')} hint={t('contacts.phoneHint')}>
            <Input type="tel" dir="ltr" value={phone} onChange={(event) => setPhone(event.target.value)} />
          </Field>
        </Confirm>
      )}
      {is('planned') && (
        <>
          <Confirm
            trigger={icon(CalendarClockIcon, t('campaigns.schedule'), 'outline')}
            title={t('campaigns.scheduleTitle')}
            text={t('campaigns.scheduleText', { zone: format.zone })}
            action={t('campaigns.schedule')}
            onConfirm={() => schedule.mutateAsync(undefined)}
          >
            <div className="grid grid-cols-2 gap-4">
              <Field label={t('campaigns.day')}>
                <Input type="date" value={day} onChange={(event) => setDay(event.target.value)} />
              </Field>
              <Field label={t('campaigns.time')}>
                <Input type="time" value={time} onChange={(event) => setTime(event.target.value)} />
              </Field>
            </div>
          </Confirm>
          <Confirm
            trigger={icon(SendIcon, t('campaigns.send'))}
            title={t('campaigns.sendTitle', { count, shown: format.number(count) })}
            text={t('campaigns.sendText')}
            action={t('campaigns.send')}
            onConfirm={() => send.mutateAsync(undefined)}
          />
        </>
      )}
      {is('sending') && (
        <Button variant="outline" disabled={pause.isPending} onClick={() => pause.mutate(undefined)}>
          <PauseIcon aria-hidden />
          {t('campaigns.pause')}
        </Button>
      )}
      {is('paused') && (
        <Button disabled={resume.isPending} onClick={() => resume.mutate(undefined)}>
          <PlayIcon aria-hidden />
          {t('campaigns.resume')}
        </Button>
      )}
      {is('planned', 'scheduled', 'sending', 'paused') && (
        <Confirm
          trigger={icon(BanIcon, t('campaigns.cancel'), 'outline')}
          title={t('campaigns.cancelTitle')}
          text={t('campaigns.cancelText')}
          action={t('campaigns.cancel')}
          dismiss={t('common.back')}
          destructive
          onConfirm={() => cancel.mutateAsync(undefined)}
        />
      )}
    </>
  );
}

/** Whom the campaign is for and whom it leaves out. */
function Recipients({ id }: { id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const workspace = useWorkspaceId();
  const columns = useMemo<Column<Recipient>[]>(
    () => [
      { id: 'contact', header: t('campaigns.contact'), cell: (one) => <ContactName id={one.contact_id} link /> },
      {
        id: 'phone',
        header: t('contacts.phone'),
        value: (one) => one.phone,
        filter: { kind: 'text' },
        cell: (one) => <bdi dir="ltr">{one.phone ?? '–'}</bdi>,
      },
      statusColumn<Recipient, 'state'>(t, t('common.state'), t('campaigns.listAll'), RECIPIENT_STATES, 'state'),
      {
        id: 'reason',
        header: t('campaigns.reason'),
        value: (one) => one.reason,
        cell: (one) =>
          one.reason ? t(`campaigns.reasons.${one.reason}`, { defaultValue: one.reason.replaceAll('_', ' ') }) : '–',
      },
      {
        id: 'outcome',
        header: t('campaigns.outcome'),
        value: (one) => one.outcome?.status,
        cell: (one) => (one.outcome ? <StateBadge state={one.outcome.status} /> : '–'),
      },
      {
        id: 'clicked_at',
        header: t('campaigns.clickedAt'),
        value: (one) => one.clicked_at,
        cell: (one) => format.moment(one.clicked_at),
      },
      {
        id: 'converted_at',
        header: t('campaigns.convertedAt'),
        value: (one) => one.converted_at,
        cell: (one) =>
          one.converted_by?.startsWith('ord_') ? (
            <Link to="/orders/$id" params={{ id: one.converted_by }} className="underline">
              {format.moment(one.converted_at)}
            </Link>
          ) : (
            format.moment(one.converted_at)
          ),
      },
      {
        id: 'opted_out_at',
        header: t('campaigns.steps.opted_out'),
        hidden: true,
        value: (one) => one.opted_out_at,
        cell: (one) => format.moment(one.opted_out_at),
      },
      {
        id: 'language',
        header: t('common.language'),
        hidden: true,
        value: (one) => one.language,
        cell: (one) => one.language ?? '–',
      },
    ],
    [t, format],
  );
  return (
    <section aria-label={t('campaigns.list')} className="mt-6">
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <h2 className="text-xl font-semibold">{t('campaigns.list')}</h2>
        <ExportButton rows={() => ({ kind: 'campaign_recipients', campaign_id: id })} />
      </div>
      <DataTable
        name="recipients"
        label={t('nav.contacts')}
        columns={columns}
        source={{
          key: [workspace, 'recipients', id],
          load: ({ filters, limit, cursor }) => {
            const state = RECIPIENT_STATES.find((one) => one === filters.state);
            return answer(
              api.GET('/api/v1/messaging/campaigns/{id}/recipients', {
                params: { path: { id }, query: { state, limit, cursor } },
              }),
            );
          },
        }}
        rowId={(one) => one.contact_id}
        empty={{ title: t('campaigns.listNone'), hint: t('campaigns.notPlanned') }}
      />
    </section>
  );
}

export function Campaign() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/app/campaigns/$id' });
  const workspace = useWorkspaceId();
  const format = useFormat();
  const isAdmin = useIs('admin');
  const query = useQuery({
    queryKey: [workspace, 'campaign', id],
    queryFn: () => answer(api.GET('/api/v1/messaging/campaigns/{id}', { params: { path: { id } } })),
    refetchInterval: (state) => (LIVE.includes(state.state.data?.status ?? '') ? LIVE_MS : false),
  });
  const channels = useQuery(channelsQuery(workspace)).data;
  const segments = useQuery(segmentsQuery(workspace)).data;
  const templates = useQuery(templatesQuery(workspace)).data;
  if (query.isPending) return <Loading />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const campaign = query.data;
  const { content, report } = campaign;
  const channel = channels?.items.find((one) => one.id === campaign.channel_id);
  const versions =
    content.kind === 'template'
      ? templates?.items.filter((one) => one.name === content.name && one.account_id === channel?.account_id)
      : [];
  const template = versions?.find((one) => one.language.startsWith('en')) ?? versions?.[0];
  return (
    <>
      <PageHead
        title={campaign.name}
        back={{ to: '/campaigns', label: t('nav.campaigns') }}
        badge={<StateBadge state={campaign.status} />}
      >
        {isAdmin && <Moves campaign={campaign} />}
      </PageHead>
      {campaign.reason && (
        <p role="alert" className="mb-6 rounded-md border border-destructive p-4 text-sm text-destructive-text">
          {t(`campaigns.reasons.${campaign.reason}`, { defaultValue: campaign.reason.replaceAll('_', ' ') })}
          {campaign.reason !== 'by_a_person' && campaign.reason_detail && `: ${campaign.reason_detail}`}
        </p>
      )}
      <div className="grid items-start gap-6 xl:grid-cols-3">
        <div className="grid gap-6 xl:col-span-2">
          <Funnel campaign={campaign} />
          <Timeline campaign={campaign} />
          <Card>
            <CardTitle>{t('campaigns.about')}</CardTitle>
            <Facts>
              <Fact label={t('campaigns.channel')}>
                {channel?.name ?? '–'}{' '}
                <bdi dir="ltr" className="whitespace-nowrap">
                  {channel?.display_phone}
                </bdi>
              </Fact>
              <Fact label={t('campaigns.audience')}>
                {segments?.items.find((one) => one.id === campaign.segment_id)?.name ?? t('campaigns.ownAudience')}
              </Fact>
              <Fact label={t('campaigns.created')}>{format.moment(campaign.created_at)}</Fact>
              <Fact label={t('campaigns.scheduledAt')}>{format.moment(campaign.scheduled_at)}</Fact>
              <Fact label={t('campaigns.startedAt')}>{format.moment(campaign.started_at)}</Fact>
              <Fact label={t('campaigns.finishedAt')}>{format.moment(campaign.finished_at)}</Fact>
              {report && <ReportFacts report={report} isOver={Boolean(campaign.finished_at)} />}
            </Facts>
          </Card>
        </div>
        <Card>
          <CardTitle>{t('campaigns.message')}</CardTitle>
          {content.kind === 'text' ? (
            <p className="text-sm whitespace-pre-wrap">{content.text}</p>
          ) : template ? (
            <TemplatePreview template={template} values={(content.parameters ?? []).map((one) => previewOf(one, t))} />
          ) : (
            <p className="text-sm">{content.name}</p>
          )}
        </Card>
      </div>
      {report && <Recipients id={id} />}
    </>
  );
}
