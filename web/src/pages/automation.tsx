import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { BanIcon, PauseIcon, PencilIcon, PlayIcon, Trash2Icon, UsersIcon } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from 'sonner';
import { answer, api, type Schemas, type Tagged } from '@/api/client';
import { actionsColumn, statusColumn, timeColumn } from '@/components/columns';
import { Confirm } from '@/components/confirm';
import { ContactName } from '@/components/contact-name';
import { CreditsPaused } from '@/components/credits';
import { DataTable, type Column } from '@/components/data-table';
import { Fact, Facts, PageHead } from '@/components/page';
import { RowButton } from '@/components/row-actions';
import { StateBadge } from '@/components/state-badge';
import { Failed, Loading } from '@/components/states';
import { Tabs, useTab } from '@/components/tabs';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { Dialog, DialogContent, DialogTitle } from '@/components/ui/dialog';
import { Skeleton } from '@/components/ui/skeleton';
import { useAct } from '@/lib/act';
import {
  AUTOMATION,
  automationFiguresQuery,
  automationQuery,
  isOfEvents,
  unconfirmedReach,
  useAutomationWords,
  type Automation,
} from '@/lib/automation';
import { useFormat } from '@/lib/format';
import { useIs, useWorkspaceId } from '@/lib/queries';
import { Reasons } from '@/components/campaign-report';

type Enrolment = Omit<Schemas['Enrolment'], 'status'> & { status: (typeof ENROLMENT_STATES)[number] };
type StepFigures = Schemas['AutomationStepFigures'];

const ENROLMENT_STATES = ['active', 'finished', 'stopped', 'failed'] as const;
const COUNTS = ['waiting', 'done', 'not_held'] as const;
/** Of a step's messages, each includes those that got further. */
const OF_MESSAGES = ['messages', 'accepted', 'sent', 'delivered', 'read', 'answered'] as const;
const TOTALS = ['skipped', 'stopped', 'failed', 'undelivered'] as const;

function useReasonWords() {
  const { t } = useTranslation();
  return (reason: string) =>
    t([`automations.reasons.${reason}`, `campaigns.reasons.${reason}`], { defaultValue: reason.replaceAll('_', ' ') });
}

function Moves({ of }: { of: Tagged<Automation> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const { id, status } = of.data;
  const params = { path: { id } };
  const [reach, setReach] = useState<number | null>(null);
  const activate = useAct(async () => {
    try {
      await api.POST(`${AUTOMATION}/activate`, { params, body: { confirm_reach: reach !== null } });
      toast.success(t('automations.activated'));
    } catch (error) {
      const found = unconfirmedReach(error);
      if (found === null) throw error;
      setReach(found);
      return false;
    }
    return true;
  });
  const pause = useAct(() => api.POST(`${AUTOMATION}/pause`, { params }), t('automations.pausedNow'));
  const remove = useAct(
    () => api.DELETE(AUTOMATION, { params: { ...params, header: { 'If-Match': of.etag } } }),
    t('common.deleted'),
  );
  return (
    <>
      <Button asChild variant="outline">
        <Link to="/automations/$id/edit" params={{ id }}>
          <PencilIcon aria-hidden />
          {t('common.edit')}
        </Link>
      </Button>
      {status === 'active' ? (
        <Confirm
          trigger={
            <Button variant="outline">
              <PauseIcon aria-hidden />
              {t('automations.pause')}
            </Button>
          }
          title={t('automations.pauseTitle')}
          text={t('automations.pauseText')}
          action={t('automations.pause')}
          onConfirm={() => pause.mutateAsync(undefined)}
        />
      ) : (
        <>
          <Confirm
            trigger={
              <Button variant="outline">
                <Trash2Icon aria-hidden />
                {t('common.delete')}
              </Button>
            }
            title={t('automations.deleteTitle')}
            text={t('automations.deleteText')}
            action={t('common.delete')}
            destructive
            onConfirm={async () => {
              await remove.mutateAsync(undefined);
              await navigate({ to: '/automations' });
            }}
          />
          <Confirm
            trigger={
              <Button>
                <PlayIcon className="rtl:-scale-x-100" aria-hidden />
                {t('automations.activate')}
              </Button>
            }
            title={t('automations.activateTitle')}
            text={
              reach === null
                ? t('automations.activateText')
                : t('automations.reachText', { shown: format.number(reach) })
            }
            action={
              reach === null ? t('automations.activate') : t('automations.reachAction', { shown: format.number(reach) })
            }
            onConfirm={async () => {
              // The dialog stays, and asks about the number of contacts.
              if (!(await activate.mutateAsync(undefined))) throw new Error('the reach is to be confirmed');
            }}
          />
        </>
      )}
    </>
  );
}

/** A figure of a step, which says nothing where it is none. */
function Counts({ figures }: { figures: StepFigures }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shown = [
    ...COUNTS.map((name) => ({ name, value: figures[name] })),
    ...(figures.messages ? OF_MESSAGES.map((name) => ({ name, value: figures[name] })) : []),
    ...TOTALS.map((name) => ({ name, value: figures[name].total })),
  ].filter(({ name, value }) => value > 0 || name === 'waiting' || name === 'done');
  return (
    <dl className="mt-2 flex flex-wrap gap-x-5 gap-y-1 text-sm">
      {shown.map(({ name, value }) => (
        <div key={name} className="flex gap-1.5">
          <dt className="text-muted-foreground">{t(`automations.figures.${name}`)}</dt>
          <dd className="font-medium tabular-nums">{format.number(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function StepsList({ automation }: { automation: Automation }) {
  const { t } = useTranslation();
  const say = useAutomationWords();
  const workspace = useWorkspaceId();
  const figures = useQuery(automationFiguresQuery(workspace, automation.id));
  const known = new Set(automation.steps.map((one) => one.key));
  const earlier = figures.data?.steps.filter((one) => !known.has(one.key)) ?? [];
  const counts = (key: string): ReactNode => {
    if (figures.isPending) return <Skeleton className="mt-2 h-5 w-48" />;
    const found = figures.data?.steps.find((one) => one.key === key);
    if (!found) return null;
    return (
      <>
        <Counts figures={found} />
        <Reasons title={t('automations.figures.skipped')} reasons={found.skipped.reasons} />
        <Reasons title={t('automations.figures.failed')} reasons={found.failed.reasons} />
        <Reasons title={t('automations.figures.undelivered')} reasons={found.undelivered.reasons} />
      </>
    );
  };
  return (
    <Card>
      <CardTitle>{t('common.steps')}</CardTitle>
      <ol className="grid divide-y">
        {automation.steps.map((step, at) => (
          <li key={step.key} className="flex gap-3 py-3 first:pt-0 last:pb-0">
            <span
              aria-hidden
              className="grid size-7 shrink-0 place-items-center rounded-full border text-xs font-semibold"
            >
              {at + 1}
            </span>
            <div className="min-w-0 grow">
              <p className="font-medium break-words">{say.action(step.action)}</p>
              {say.leads(step, automation.steps).map((words) => (
                <p key={words} className="text-sm text-muted-foreground">
                  {words}
                </p>
              ))}
              {counts(step.key)}
            </div>
          </li>
        ))}
      </ol>
      {figures.isError && <Failed error={figures.error} retry={() => void figures.refetch()} />}
      {earlier.length > 0 && (
        <>
          <h3 className="mt-6 mb-2 text-sm font-semibold">{t('automations.earlier')}</h3>
          <ul className="grid gap-3">
            {earlier.map((one) => (
              <li key={one.key}>
                <bdi className="text-sm">{one.key}</bdi>
                {counts(one.key)}
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}

function Progress({ id }: { id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const figures = useQuery(automationFiguresQuery(useWorkspaceId(), id));
  return (
    <Card>
      <CardTitle>{t('automations.contacts')}</CardTitle>
      {figures.isPending ? (
        <Skeleton className="h-16" />
      ) : figures.isError ? (
        <Failed error={figures.error} retry={() => void figures.refetch()} />
      ) : (
        <>
          <Facts>
            <Fact label={t('automations.entered')}>{format.number(figures.data.entered)}</Fact>
            <Fact label={t('automations.inIt')}>{format.number(figures.data.active)}</Fact>
            <Fact label={t('state.finished')}>{format.number(figures.data.finished)}</Fact>
            <Fact label={t('state.stopped')}>{format.number(figures.data.stopped.total)}</Fact>
            <Fact label={t('state.failed')}>{format.number(figures.data.failed.total)}</Fact>
          </Facts>
          <Reasons title={t('state.stopped')} reasons={figures.data.stopped.reasons} />
          <Reasons title={t('state.failed')} reasons={figures.data.failed.reasons} />
        </>
      )}
    </Card>
  );
}

/** Who would get it today. Nothing is sent. */
function Simulation({ automation }: { automation: Automation }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReasonWords();
  const [isAsked, setAsked] = useState(false);
  const query = useQuery({
    queryKey: [useWorkspaceId(), 'automation-simulation', automation.id, automation.version],
    queryFn: () => answer(api.GET(`${AUTOMATION}/simulation`, { params: { path: { id: automation.id } } })),
    enabled: isAsked,
  });
  return (
    <Card>
      <CardTitle>{t('automations.simulation')}</CardTitle>
      {isOfEvents(automation.trigger.kind) ? (
        <p className="text-sm text-muted-foreground">{t('automations.eventHint')}</p>
      ) : (
        <div className="grid gap-4">
          <p className="text-sm text-muted-foreground">{t('automations.simulationHint')}</p>
          <Button
            variant="outline"
            className="justify-self-start"
            disabled={query.isFetching}
            onClick={() => (isAsked ? void query.refetch() : setAsked(true))}
          >
            <UsersIcon aria-hidden />
            {t('automations.simulate')}
          </Button>
          {query.isError ? (
            <Failed error={query.error} retry={() => void query.refetch()} />
          ) : query.isFetching ? (
            <Skeleton className="h-16" />
          ) : (
            query.data && (
              <div role="status" className="grid gap-3">
                <Facts>
                  <Fact label={t('automations.wouldEnter')}>
                    {query.data.more
                      ? t('automations.moreThan', { shown: format.number(query.data.contacts) })
                      : format.number(query.data.contacts)}
                  </Fact>
                  <Fact label={t('automations.enteredBefore')}>{format.number(query.data.entered_before)}</Fact>
                </Facts>
                <ul className="divide-y text-sm">
                  {query.data.sample.map((one) => (
                    <li key={one.contact_id} className="flex flex-wrap justify-between gap-x-4 py-2">
                      <Link
                        to="/contacts/$id"
                        params={{ id: one.contact_id }}
                        className="text-primary-text underline-offset-4 hover:underline"
                      >
                        <bdi>{one.name || '–'}</bdi>
                      </Link>
                      {one.reason && (
                        <span className="text-muted-foreground">
                          {t('automations.notReached', { reason: reason(one.reason) })}
                        </span>
                      )}
                    </li>
                  ))}
                </ul>
              </div>
            )
          )}
        </div>
      )}
    </Card>
  );
}

/** The way of one contact through the steps. */
function Way({ enrolment, automation }: { enrolment: Enrolment; automation: Automation }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const reason = useReasonWords();
  const say = useAutomationWords();
  const query = useQuery({
    queryKey: [workspace, 'enrolment', enrolment.id],
    queryFn: () =>
      answer(
        api.GET(`${AUTOMATION}/enrolments/{enrolment_id}`, {
          params: { path: { id: automation.id, enrolment_id: enrolment.id } },
        }),
      ),
  });
  const stepWords = (key: string) => {
    const step = automation.steps.find((one) => one.key === key);
    return step ? say.action(step.action) : key;
  };
  if (query.isPending) return <Skeleton className="h-32" />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const subject = Object.entries(query.data.subject);
  return (
    <div className="grid gap-4">
      <Facts>
        <Fact label={t('automations.enteredAt')}>{format.moment(query.data.entered_at)}</Fact>
        {query.data.ended_at && <Fact label={t('automations.endedAt')}>{format.moment(query.data.ended_at)}</Fact>}
        {query.data.status === 'active' && (
          <Fact label={t('automations.dueAt')}>{format.moment(query.data.due_at)}</Fact>
        )}
        {query.data.reason && <Fact label={t('automations.reason')}>{reason(query.data.reason)}</Fact>}
        {subject.map(([name, value]) => (
          <Fact key={name} label={t(`campaigns.fields.subject.${name}`, { defaultValue: name })}>
            <bdi>{value}</bdi>
          </Fact>
        ))}
      </Facts>
      {query.data.steps.length ? (
        <ol className="divide-y text-sm">
          {query.data.steps.map((one) => (
            <li key={one.step} className="grid gap-0.5 py-2">
              <span className="font-medium break-words">{stepWords(one.step)}</span>
              <span className="text-muted-foreground">
                {t(`automations.results.${one.result}`, { defaultValue: one.result })}
                {one.reason && `: ${reason(one.reason)}`}, {format.moment(one.done_at)}
              </span>
            </li>
          ))}
        </ol>
      ) : (
        <p className="text-sm text-muted-foreground">{t('automations.noStep')}</p>
      )}
    </div>
  );
}

function Enrolments({ automation }: { automation: Automation }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const reason = useReasonWords();
  const mayStop = useIs('admin');
  const [opened, setOpened] = useState<Enrolment | null>(null);
  const stop = useAct(
    (enrolment_id: string) =>
      api.POST(`${AUTOMATION}/enrolments/{enrolment_id}/stop`, {
        params: { path: { id: automation.id, enrolment_id } },
      }),
    t('automations.stopped'),
  );
  const columns = useMemo<Column<Enrolment>[]>(
    () => [
      { id: 'contact', header: t('campaigns.contact'), cell: (one) => <ContactName id={one.contact_id} link /> },
      statusColumn(t, t('common.state'), t('automations.allEnrolments'), ENROLMENT_STATES),
      {
        id: 'step',
        header: t('automations.at'),
        value: (one) => one.step,
        cell: (one) => {
          const number = automation.steps.findIndex((step) => step.key === one.step) + 1;
          return number ? t('automations.step', { number }) : <bdi>{one.step}</bdi>;
        },
      },
      timeColumn('due', t('automations.dueAt'), format.moment, (one) => (one.status === 'active' ? one.due_at : null)),
      timeColumn('entered', t('automations.enteredAt'), format.moment, (one) => one.entered_at),
      {
        id: 'reason',
        header: t('automations.reason'),
        value: (one) => one.reason,
        cell: (one) => (one.reason ? reason(one.reason) : '–'),
      },
      timeColumn('ended', t('automations.endedAt'), format.moment, (one) => one.ended_at, true),
      ...actionsColumn(mayStop, (one: Enrolment) =>
        one.status === 'active' ? (
          <Confirm
            trigger={
              <RowButton words={t('automations.stop')} name={format.moment(one.entered_at)}>
                <BanIcon aria-hidden />
              </RowButton>
            }
            title={t('automations.stopTitle')}
            text={t('automations.stopText')}
            action={t('automations.stop')}
            destructive
            onConfirm={() => stop.mutateAsync(one.id)}
          />
        ) : null,
      ),
    ],
    [t, format, mayStop, automation.steps],
  );
  return (
    <>
      <DataTable
        name="enrolments"
        label={t('automations.enrolments')}
        columns={columns}
        source={{
          key: [workspace, 'enrolments', automation.id],
          load: ({ filters, limit, cursor }) => {
            const status = ENROLMENT_STATES.find((one) => one === filters.status);
            return answer(
              api.GET(`${AUTOMATION}/enrolments`, {
                params: { path: { id: automation.id }, query: { status, limit, cursor } },
              }),
            ) as Promise<{ items: Enrolment[]; next_cursor?: string | null }>;
          },
        }}
        rowId={(one) => one.id}
        onRow={setOpened}
        empty={{ title: t('automations.enrolmentsNone'), hint: t('automations.enrolmentsHint') }}
      />
      <Dialog open={opened !== null} onOpenChange={(open) => !open && setOpened(null)}>
        {opened && (
          <DialogContent aria-describedby="">
            <DialogTitle>
              <ContactName id={opened.contact_id} />
            </DialogTitle>
            <Way enrolment={opened} automation={automation} />
          </DialogContent>
        )}
      </Dialog>
    </>
  );
}

export function AutomationPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/app/automations/$id' });
  const workspace = useWorkspaceId();
  const format = useFormat();
  const isAdmin = useIs('admin');
  const reason = useReasonWords();
  const say = useAutomationWords();
  const query = useQuery(automationQuery(workspace, id));
  const tabs = [
    { id: 'about', label: t('campaigns.about') },
    { id: 'enrolments', label: t('automations.enrolments') },
  ];
  const tab = useTab(tabs.map((one) => one.id));
  if (query.isPending) return <Loading />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const automation = query.data.data;
  const again = automation.reentry_after_days;
  const lacksCredits = automation.reason === 'credits';
  return (
    <>
      <PageHead
        title={automation.name}
        back={{ to: '/automations', label: t('nav.automations') }}
        badge={<StateBadge state={automation.status} />}
      >
        {isAdmin && <Moves of={query.data} />}
      </PageHead>
      {automation.reason && (
        <div role="alert" className="mb-6 rounded-md border border-destructive p-4 text-sm text-destructive-text">
          <p>
            {reason(automation.reason)}
            {!lacksCredits && automation.reason_detail && `: ${automation.reason_detail}`}
          </p>
          {lacksCredits && <CreditsPaused />}
        </div>
      )}
      <Tabs label={automation.name} tabs={tabs} />
      {tab === 'enrolments' ? (
        <Enrolments automation={automation} />
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 xl:grid-cols-3">
          <div className="grid grid-cols-[minmax(0,1fr)] gap-6 xl:col-span-2">
            <Card>
              <CardTitle>{t('campaigns.about')}</CardTitle>
              <Facts>
                <Fact label={t('automations.trigger')}>{say.trigger(automation.trigger)}</Fact>
                {automation.next_at && (
                  <Fact label={t('automations.nextLook')}>{format.moment(automation.next_at)}</Fact>
                )}
                <Fact label={t('automations.answered')}>
                  {automation.stop_when_answered ? t('common.yes') : t('common.no')}
                </Fact>
                <Fact label={t('automations.reentry')}>
                  {again == null
                    ? t('automations.again.never')
                    : again === 0
                      ? t('automations.again.each')
                      : t('automations.afterDays', { days: format.number(again) })}
                </Fact>
                <Fact label={t('automations.daily')}>
                  {automation.daily_entries == null
                    ? t('automations.noLimit')
                    : format.number(automation.daily_entries)}
                </Fact>
                <Fact label={t('automations.revision')}>{format.number(automation.revision)}</Fact>
                <Fact label={t('products.updated')}>{format.moment(automation.updated_at)}</Fact>
              </Facts>
            </Card>
            <StepsList automation={automation} />
          </div>
          <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
            <Progress id={id} />
            <Simulation automation={automation} />
          </div>
        </div>
      )}
    </>
  );
}
