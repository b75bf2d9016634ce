import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { ArchiveIcon, ArchiveRestoreIcon, FlagIcon, PencilIcon, PlayIcon, Trash2Icon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Tagged } from '@/api/client';
import { Confirm } from '@/components/confirm';
import { Field } from '@/components/field';
import { AttachDialog } from '@/components/marketing-attach';
import { BudgetBar, GoalBar } from '@/components/marketing-bars';
import { MarketingExpenses } from '@/components/marketing-expenses';
import { MarketingChart, MarketingParts, MarketingTotals } from '@/components/marketing-figures';
import { MarketingForm } from '@/components/marketing-form';
import { Fact, Facts, PageHead } from '@/components/page';
import { StateBadge } from '@/components/state-badge';
import { Empty, Failed, Loading } from '@/components/states';
import { Tabs, useTab } from '@/components/tabs';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { Input } from '@/components/ui/input';
import { Skeleton } from '@/components/ui/skeleton';
import { useAct } from '@/lib/act';
import { dayNames } from '@/lib/days';
import { useFormat } from '@/lib/format';
import { useListState } from '@/lib/list-state';
import {
  MARKETING,
  marketingAnalyticsQuery,
  marketingQuery,
  readMarketing,
  type MarketingCampaign,
} from '@/lib/marketing';
import { membersQuery, useIs, useWorkspaceId } from '@/lib/queries';

const STEPS = {
  activate: { icon: PlayIcon, of: ['draft', 'ended'] },
  end: { icon: FlagIcon, of: ['active'] },
  archive: { icon: ArchiveIcon, of: ['ended'] },
  restore: { icon: ArchiveRestoreIcon, of: ['archived'] },
} as const;
type StepName = keyof typeof STEPS;

function StepButton({ id, step }: { id: string; step: StepName }) {
  const { t } = useTranslation();
  const params = { path: { id } };
  const act = useAct(() => api.POST(`${MARKETING}/${step}`, { params }), t(`marketing.done.${step}`));
  const Icon = STEPS[step].icon;
  return (
    <Confirm
      trigger={
        <Button variant={step === 'activate' ? 'default' : 'outline'}>
          <Icon className="rtl:-scale-x-100" aria-hidden />
          {t(`marketing.steps.${step}`)}
        </Button>
      }
      title={t(`marketing.asks.${step}`)}
      text={t(`marketing.texts.${step}`)}
      action={t(`marketing.steps.${step}`)}
      onConfirm={() => act.mutateAsync(undefined)}
    />
  );
}

function Moves({ of }: { of: Tagged<MarketingCampaign> }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { id, status } = of.data;
  const [isEditing, setEditing] = useState(false);
  const remove = useAct(
    () => api.DELETE(MARKETING, { params: { path: { id }, header: { 'If-Match': of.etag } } }),
    t('common.deleted'),
  );
  const steps = (Object.keys(STEPS) as StepName[]).filter((step) => STEPS[step].of.some((one) => one === status));
  return (
    <>
      {status !== 'archived' && (
        <Button variant="outline" onClick={() => setEditing(true)}>
          <PencilIcon aria-hidden />
          {t('common.edit')}
        </Button>
      )}
      {status === 'draft' && (
        <Confirm
          trigger={
            <Button variant="outline">
              <Trash2Icon aria-hidden />
              {t('common.delete')}
            </Button>
          }
          title={t('marketing.deleteTitle')}
          text={t('marketing.deleteText')}
          action={t('common.delete')}
          destructive
          onConfirm={async () => {
            await remove.mutateAsync(undefined);
            await navigate({ to: '/marketing' });
          }}
        />
      )}
      {steps.map((step) => (
        <StepButton key={step} id={id} step={step} />
      ))}
      <MarketingForm open={isEditing} onOpenChange={setEditing} of={of} read={() => readMarketing(id)} />
    </>
  );
}

function About({ campaign }: { campaign: MarketingCampaign }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const members = useQuery(membersQuery(useWorkspaceId())).data?.items;
  const name = dayNames(i18n.language, { dateStyle: 'medium' });
  const day = (text?: string | null) => (text ? name(text) : '–');
  return (
    <Card>
      <CardTitle>{t('campaigns.about')}</CardTitle>
      <Facts>
        <Fact label={t('marketing.objective')}>{t(`marketing.objectives.${campaign.objective}`)}</Fact>
        <Fact label={t('marketing.startsOn')}>{day(campaign.starts_on)}</Fact>
        <Fact label={t('marketing.endsOn')}>{day(campaign.ends_on)}</Fact>
        <Fact
          label={
            campaign.goal
              ? t('marketing.goalOf', { measure: t(`marketing.measures.${campaign.goal.measure}`) })
              : t('marketing.goal')
          }
        >
          <GoalBar of={campaign} />
        </Fact>
        <Fact label={t('marketing.budget')}>
          <BudgetBar of={campaign} />
          {campaign.progress.budget?.incomplete && (
            <span className="mt-1 block text-xs text-muted-foreground">{t('marketing.incomplete')}</span>
          )}
        </Fact>
        <Fact label={t('marketing.owner')}>
          <bdi>{members?.find(({ id }) => id === campaign.owner_id)?.name ?? '–'}</bdi>
        </Fact>
        {campaign.activated_at && (
          <Fact label={t('marketing.activatedAt')}>{format.moment(campaign.activated_at)}</Fact>
        )}
        {campaign.ended_at && <Fact label={t('marketing.endedAt')}>{format.moment(campaign.ended_at)}</Fact>}
        {campaign.tags.length > 0 && (
          <Fact label={t('marketing.tags')}>
            <bdi>{campaign.tags.join(', ')}</bdi>
          </Fact>
        )}
      </Facts>
      {campaign.notes && (
        <p dir="auto" className="mt-4 text-sm break-words whitespace-pre-line text-muted-foreground">
          {campaign.notes}
        </p>
      )}
    </Card>
  );
}

/** The days that the address names. */
function usePeriodOfDays() {
  const { search, filterBy } = useListState();
  const isDay = (text?: string) => Boolean(text && /^\d{4}-\d\d-\d\d$/.test(text));
  const span = {
    from: isDay(search.f?.from) ? search.f?.from : undefined,
    until: isDay(search.f?.until) ? search.f?.until : undefined,
  };
  return { span, set: (end: 'from' | 'until', day: string) => filterBy(end, day || undefined, true) };
}

function Figures({ id, maySave }: { id: string; maySave: boolean }) {
  const { t } = useTranslation();
  const { span, set } = usePeriodOfDays();
  const query = useQuery({
    ...marketingAnalyticsQuery(useWorkspaceId(), id, span),
    placeholderData: (before) => before,
  });
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <div className="flex flex-wrap items-end justify-between gap-4">
        <div role="group" aria-label={t('dashboard.period')} className="flex flex-wrap gap-3">
          {(['from', 'until'] as const).map((end) => (
            <Field key={end} label={t(`common.${end}`)}>
              <Input type="date" value={span[end] ?? ''} onChange={(event) => set(end, event.target.value)} />
            </Field>
          ))}
        </div>
        {maySave && <AttachDialog id={id} />}
      </div>
      {query.isError ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : query.isPending ? (
        <Skeleton className="h-64" />
      ) : (
        <>
          <MarketingTotals of={query.data} />
          <MarketingChart of={query.data} />
          {query.data.parts.length === 0 ? (
            <Card>
              <Empty title={t('marketing.partsNone')} hint={t('marketing.partsHint')} />
            </Card>
          ) : (
            <MarketingParts of={query.data} campaign={id} maySave={maySave} />
          )}
        </>
      )}
    </div>
  );
}

export function MarketingPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/app/marketing/$id' });
  const workspace = useWorkspaceId();
  const isAdmin = useIs('admin');
  const query = useQuery(marketingQuery(workspace, id));
  const tabs = [
    { id: 'figures', label: t('marketing.partsAndFigures') },
    { id: 'expenses', label: t('marketing.expenses') },
  ];
  const tab = useTab(tabs.map((one) => one.id));
  if (query.isPending) return <Loading />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const campaign = query.data.data;
  const maySave = isAdmin && campaign.status !== 'archived';
  return (
    <>
      <PageHead
        title={campaign.name}
        back={{ to: '/marketing', label: t('nav.marketing') }}
        badge={<StateBadge state={campaign.status} />}
      >
        {isAdmin && <Moves of={query.data} />}
      </PageHead>
      <div className="mb-6">
        <About campaign={campaign} />
      </div>
      <Tabs label={campaign.name} tabs={tabs} />
      {tab === 'expenses' ? (
        <MarketingExpenses campaign={campaign} maySave={maySave} />
      ) : (
        <Figures id={id} maySave={maySave} />
      )}
    </>
  );
}
