import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import {
  BanIcon,
  CalendarClockIcon,
  CopyIcon,
  FlaskConicalIcon,
  ListChecksIcon,
  PauseIcon,
  PencilIcon,
  PlayIcon,
  SendIcon,
} from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { CampaignArms } from '@/components/campaign-arms';
import { CampaignComparison } from '@/components/campaign-comparison';
import { CampaignRecipients } from '@/components/campaign-recipients';
import { Costs, Reasons, ReportFacts } from '@/components/campaign-report';
import { CampaignDeliveryFacts, CampaignStop } from '@/components/campaign-delivery-facts';
import { CampaignTest } from '@/components/campaign-test';
import { Confirm } from '@/components/confirm';
import { DayChart } from '@/components/day-chart';
import { Field } from '@/components/field';
import { Fact, Facts, PageHead } from '@/components/page';
import { StateBadge } from '@/components/state-badge';
import { Failed, Loading } from '@/components/states';
import { TemplatePreview } from '@/components/template-preview';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { Dialog, DialogContent, DialogTitle, DialogTrigger } from '@/components/ui/dialog';
import { Input } from '@/components/ui/input';
import { Skeleton } from '@/components/ui/skeleton';
import { useAct } from '@/lib/act';
import { contentsOf, funnelQuery, LIVE, LIVE_MS, valuesOf } from '@/lib/campaign';
import { needsTime } from '@/lib/campaign-delivery';
import { fillingOf, wordsOf } from '@/lib/campaign-words';
import { shifted } from '@/lib/days';
import { dayOf, useFormat } from '@/lib/format';
import { channelsQuery, segmentsQuery, templatesQuery, useIs, useWorkspaceId } from '@/lib/queries';
import { versionFor, wantsOf } from '@/lib/template';

type Campaign = Schemas['Campaign'];

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

const STEPS = ['recipients', 'sent', 'delivered', 'read', 'clicked', 'replied', 'converted', 'opted_out'] as const;

/** Whether its message has a tracked link. */
function isTracked(campaign: Campaign) {
  return contentsOf(campaign).some((content) => valuesOf(content).some((value) => 'link' in value));
}

function Funnel({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const format = useFormat();
  const workspace = useWorkspaceId();
  const funnel = useQuery(funnelQuery(workspace, campaign));
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
          <div className="mt-6">
            <Facts>
              {isTracked(campaign) && <Fact label={t('campaigns.clicks')}>{format.number(funnel.data.clicks)}</Fact>}
              <Fact label={t('campaigns.conversions')}>{format.number(funnel.data.conversions)}</Fact>
              <Fact label={t('campaigns.revenue')}>
                {funnel.data.revenue.map((one) => format.money(one.amount_minor, one.currency)).join(', ') || '–'}
              </Fact>
            </Facts>
          </div>
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
  const [day, setDay] = useState(() => shifted(format.today(), 1));
  const [time, setTime] = useState('09:00');
  const plan = useAct(() => api.POST(`${base}/plan`, { params }), t('campaigns.planning'));
  const send = useAct(() => api.POST(`${base}/send`, { params }), t('campaigns.started'));
  const schedule = useAct(
    () => api.POST(`${base}/schedule`, { params, body: { at: format.at(day, time) } }),
    t('campaigns.scheduled'),
  );
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
      {campaign.content.kind === 'template' && (
        <>
          {is('draft', 'planned', 'failed') && (
            <Button asChild variant="outline">
              <Link to="/campaigns/$id/edit" params={params.path}>
                <PencilIcon aria-hidden />
                {t('common.edit')}
              </Link>
            </Button>
          )}
          <Button asChild variant="outline">
            <Link to="/campaigns/new" search={{ open: campaign.id }}>
              <CopyIcon aria-hidden />
              {t('campaigns.duplicate')}
            </Link>
          </Button>
        </>
      )}
      {is('draft', 'planned', 'scheduled') && (
        <Dialog>
          <DialogTrigger asChild>{icon(FlaskConicalIcon, t('campaigns.test'), 'outline')}</DialogTrigger>
          <DialogContent aria-describedby="">
            <DialogTitle>{t('campaigns.test')}</DialogTitle>
            <CampaignTest id={campaign.id} arms={campaign.experiment?.arms} />
          </DialogContent>
        </Dialog>
      )}
      {is('planned') && (
        <>
          <Confirm
            trigger={icon(CalendarClockIcon, t('campaigns.schedule'), 'outline')}
            title={t('campaigns.scheduleTitle')}
            text={t(needsTime(campaign) ? 'campaigns.delivery.scheduleText' : 'campaigns.scheduleText', {
              zone: format.zone,
            })}
            action={t('campaigns.schedule')}
            isReady={Boolean(day && time)}
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
          {!needsTime(campaign) && (
            <Confirm
              trigger={icon(SendIcon, t('campaigns.send'))}
              title={t('campaigns.sendTitle', { count, shown: format.number(count) })}
              text={t('campaigns.sendText')}
              action={t('campaigns.send')}
              onConfirm={() => send.mutateAsync(undefined)}
            />
          )}
        </>
      )}
      {is('sending') && (
        <Button variant="outline" disabled={pause.isPending} onClick={() => pause.mutate(undefined)}>
          <PauseIcon aria-hidden />
          {t('campaigns.pause')}
        </Button>
      )}
      {is('paused') && !['no_winner', 'choose_winner'].includes(campaign.reason ?? '') && (
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

export function Campaign() {
  const { t, i18n } = useTranslation();
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
  const template = versionFor(versions ?? [], i18n.language);
  return (
    <>
      <PageHead
        title={campaign.name}
        back={{ to: '/campaigns', label: t('nav.campaigns') }}
        badge={<StateBadge state={campaign.status} />}
      >
        {isAdmin && <Moves campaign={campaign} />}
      </PageHead>
      <CampaignStop campaign={campaign} />
      <div className="grid grid-cols-1 items-start gap-6 xl:grid-cols-3">
        <div className="grid grid-cols-1 gap-6 xl:col-span-2">
          {campaign.experiment && campaign.started_at && <CampaignComparison campaign={campaign} />}
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
                {segments?.items.find((one) => one.id === campaign.segment_id)?.name ??
                  t(campaign.audience ? 'campaigns.ownAudience' : 'campaigns.everybody')}
              </Fact>
              <Fact label={t('campaigns.created')}>{format.moment(campaign.created_at)}</Fact>
              <Fact label={t('campaigns.scheduledAt')}>{format.moment(campaign.scheduled_at)}</Fact>
              <Fact label={t('campaigns.startedAt')}>{format.moment(campaign.started_at)}</Fact>
              <Fact label={t('campaigns.finishedAt')}>{format.moment(campaign.finished_at)}</Fact>
              {report && <ReportFacts report={report} isOver={Boolean(campaign.finished_at)} />}
            </Facts>
            {report && <Costs report={report} category={campaign.category} />}
            {report?.experiment && !campaign.started_at && <CampaignArms report={report.experiment} />}
            <CampaignDeliveryFacts campaign={campaign} />
          </Card>
        </div>
        <Card>
          <CardTitle>{t('campaigns.message')}</CardTitle>
          {content.kind === 'text' ? (
            <p className="text-sm whitespace-pre-wrap">{content.text}</p>
          ) : template ? (
            <TemplatePreview
              template={template}
              filling={fillingOf(wordsOf(campaign.content), wantsOf(template), t, format.moment)}
            />
          ) : (
            <p className="text-sm">{content.name}</p>
          )}
        </Card>
      </div>
      {report && <CampaignRecipients campaign={campaign} />}
    </>
  );
}
