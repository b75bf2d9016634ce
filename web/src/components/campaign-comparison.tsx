import { useQuery } from '@tanstack/react-query';
import { TrophyIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schemas } from '@/api/client';
import { useAct } from '@/lib/act';
import { figuresQuery } from '@/lib/campaign';
import { useFormat } from '@/lib/format';
import { useIs, useWorkspaceId } from '@/lib/queries';
import { Confirm } from './confirm';
import { Failed } from './states';
import { Badge } from './ui/badge';
import { Button } from './ui/button';
import { Card, CardTitle } from './ui/card';
import { Skeleton } from './ui/skeleton';

type Campaign = Schemas['Campaign'];
type Figures = Schemas['CampaignExperimentFigures'];
type Share = Schemas['CampaignShare'];

/** What became of the arms of a campaign's test, and the choice of the winner. */
export function CampaignComparison({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const isAdmin = useIs('admin');
  const figures = useQuery(figuresQuery(workspace, campaign));
  const mayChoose = isAdmin && campaign.status !== 'cancelled' && !campaign.experiment_state.winner;
  return (
    <Card>
      <div className="flex flex-wrap items-start justify-between gap-3">
        <CardTitle>{t('experiment.title')}</CardTitle>
        {mayChoose && <Choose campaign={campaign} waiting={figures.data?.rest?.waiting ?? 0} />}
      </div>
      <Standing campaign={campaign} />
      {figures.isPending ? (
        <Skeleton className="h-60" />
      ) : figures.isError ? (
        <Failed error={figures.error} retry={() => void figures.refetch()} />
      ) : (
        <>
          <Intervals figures={figures.data} />
          <Verdict figures={figures.data} />
          <Table campaign={campaign} figures={figures.data} />
        </>
      )}
    </Card>
  );
}

/** How far the test is. */
function Standing({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { winner, decided_at, decided_by, decides_at, evaluated_at } = campaign.experiment_state;
  const words = winner
    ? t(`experiment.by.${decided_by}`, { name: winner, when: format.moment(decided_at) })
    : evaluated_at
      ? t('experiment.evaluated', { when: format.moment(evaluated_at) })
      : decides_at
        ? t('experiment.decides', { when: format.moment(decides_at) })
        : t('experiment.leaving');
  return (
    <p className="mb-4 flex items-start gap-2 text-sm" role="status">
      {winner && <TrophyIcon className="mt-0.5 size-4 shrink-0 text-primary-text" aria-hidden />}
      <span>{words}</span>
    </p>
  );
}

const shareOf = {
  read: (part: { read: Share }) => part.read,
  click: (part: { clicked: Share }) => part.clicked,
  order: (part: { ordered: Share }) => part.ordered,
};

/** The share of each arm with its interval. The table below tells the same. */
function Intervals({ figures }: { figures: Figures }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { metric } = figures.comparison;
  const rows = [
    ...figures.arms.map((arm) => ({ name: arm.arm, share: shareOf[metric](arm), isArm: true })),
    ...(metric === 'order' && figures.holdout
      ? [{ name: t('experiment.holdoutPart'), share: figures.holdout.ordered, isArm: false }]
      : []),
  ];
  const most = Math.max(0.05, ...rows.filter(({ share }) => share.of > 0).map(({ share }) => share.high));
  const at = (value: number) => `${(Math.min(value, most) / most) * 100}%`;
  return (
    <figure aria-label={t(`experiment.metrics.${metric}`)} className="mb-4">
      <figcaption className="mb-2 text-sm font-semibold">{t(`experiment.metrics.${metric}`)}</figcaption>
      <ul className="grid gap-3">
        {rows.map(({ name, share, isArm }) => (
          <li
            key={name}
            className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 text-sm sm:grid-cols-[9rem_minmax(0,1fr)_11rem]"
          >
            <bdi className="truncate">{name}</bdi>
            <span className="order-last col-span-2 h-5 rounded-sm bg-muted sm:order-none sm:col-span-1" aria-hidden>
              {share.of > 0 && (
                <span className="relative block h-full">
                  <span
                    className={`absolute inset-y-1 rounded-sm ${isArm ? 'bg-primary/40' : 'bg-foreground/20'}`}
                    style={{ insetInlineStart: at(share.low), insetInlineEnd: `calc(100% - ${at(share.high)})` }}
                  />
                  <span
                    className={`absolute inset-y-0 w-1 -translate-x-1/2 rounded-sm rtl:translate-x-1/2 ${isArm ? 'bg-primary' : 'bg-foreground'}`}
                    style={{ insetInlineStart: at(share.share) }}
                  />
                </span>
              )}
            </span>
            <span className="text-end tabular-nums">
              {share.of > 0 ? (
                <>
                  {format.percent(share.share)}{' '}
                  <span className="text-muted-foreground">
                    {t('experiment.range', { low: format.percent(share.low), high: format.percent(share.high) })}
                  </span>
                </>
              ) : (
                '–'
              )}
            </span>
          </li>
        ))}
      </ul>
    </figure>
  );
}

/** What the figures say, and how surely. */
function Verdict({ figures }: { figures: Figures }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { leader, sure, differences } = figures.comparison;
  if (!leader) return null;
  const numbers = (one: { difference: number; low: number; high: number }) => ({
    points: format.points(one.difference),
    low: format.points(one.low),
    high: format.points(one.high),
  });
  const lift = figures.holdout && figures.holdout.ordered.of > 0 ? figures.holdout.lift : null;
  return (
    <div className="mb-4 grid gap-2 rounded-md border p-3 text-sm">
      <p className="font-medium">{sure ? t('experiment.sure', { name: leader }) : t('experiment.unsure')}</p>
      <ul className="grid gap-1">
        {differences.map((one) => (
          <li key={one.arm}>
            {t('experiment.difference', { name: leader, other: one.arm, ...numbers(one) })}{' '}
            {one.sure ? '' : t('experiment.chance')}
          </li>
        ))}
        {lift && (
          <li>
            {t('experiment.lift', numbers(lift))} {lift.sure ? '' : t('experiment.chance')}
          </li>
        )}
      </ul>
      <p className="text-xs text-muted-foreground">{t('experiment.method')}</p>
    </div>
  );
}

function Table({ campaign, figures }: { campaign: Campaign; figures: Figures }) {
  const { t } = useTranslation();
  const format = useFormat();
  const money = (revenue: Schemas['CampaignRevenue'][]) =>
    revenue.map((one) => format.money(one.amount_minor, one.currency)).join(', ') || '–';
  const share = ({ count, of, share: of1 }: Share) => (
    <>
      {format.number(count)}
      {of > 0 && <span className="text-muted-foreground"> ({format.percent(of1)})</span>}
    </>
  );
  const { winner } = campaign.experiment_state;
  const rows = [
    ...figures.arms.map((arm) => ({
      ...arm,
      name: arm.arm,
      isWinner: arm.arm === winner,
    })),
    ...(figures.rest ? [{ ...figures.rest, name: t('experiment.rest'), isWinner: false, stopped: null }] : []),
  ];
  const head = 'py-1 ps-4 text-end font-medium whitespace-nowrap';
  const cell = 'py-1 ps-4 text-end tabular-nums whitespace-nowrap';
  return (
    <>
      <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={t('experiment.figures')}>
        <table className="w-full text-sm">
          <thead className="text-xs text-muted-foreground">
            <tr>
              <th className="py-1 text-start font-medium">{t('experiment.arm')}</th>
              <th className={head}>{t('experiment.contacts')}</th>
              {(['sent', 'delivered', 'read', 'clicked', 'converted', 'opted_out'] as const).map((step) => (
                <th key={step} className={head}>
                  {t(`campaigns.steps.${step}`)}
                </th>
              ))}
              <th className={head}>{t('campaigns.revenue')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.name} className="border-t">
                <th scope="row" className="py-1 text-start font-normal">
                  <span className="flex flex-wrap items-center gap-2">
                    <bdi>{row.name}</bdi>
                    {row.isWinner && <Badge tone="good">{t('experiment.winner')}</Badge>}
                    {row.stopped && <Badge tone="bad">{t(`experiment.stopped.${row.stopped}`)}</Badge>}
                  </span>
                </th>
                <td className={cell}>{format.number(row.contacts)}</td>
                <td className={cell}>{format.number(row.sent)}</td>
                <td className={cell}>{format.number(row.delivered)}</td>
                <td className={cell}>{share(row.read)}</td>
                <td className={cell}>{share(row.clicked)}</td>
                <td className={cell}>{share(row.ordered)}</td>
                <td className={cell}>{format.number(row.opted_out)}</td>
                <td className={cell}>{money(row.revenue)}</td>
              </tr>
            ))}
            {figures.holdout && (
              <tr className="border-t">
                <th scope="row" className="py-1 text-start font-normal">
                  {t('experiment.holdoutPart')}
                </th>
                <td className={cell}>{format.number(figures.holdout.contacts)}</td>
                {Array.from({ length: 4 }, (_, index) => (
                  <td key={index} className={cell}>
                    –
                  </td>
                ))}
                <td className={cell}>{share(figures.holdout.ordered)}</td>
                <td className={cell}>–</td>
                <td className={cell}>{money(figures.holdout.revenue)}</td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
      <p className="mt-2 text-xs text-muted-foreground">
        {t('experiment.ordersHint', { count: campaign.conversion_days })}
      </p>
    </>
  );
}

/** A member chooses the winner. Nobody can change it afterwards. */
function Choose({ campaign, waiting }: { campaign: Campaign; waiting: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [arm, setArm] = useState('');
  const choose = useAct(
    (name: string) =>
      api.POST('/api/v1/messaging/campaigns/{id}/experiment/winner', {
        params: { path: { id: campaign.id } },
        body: { arm: name },
      }),
    t('experiment.chosen'),
  );
  const { stopped_arms } = campaign.experiment_state;
  const arms = campaign.experiment?.arms.filter((one) => !(one.name in stopped_arms)) ?? [];
  return (
    <Confirm
      trigger={
        <Button variant="outline">
          <TrophyIcon aria-hidden />
          {t('experiment.choose')}
        </Button>
      }
      title={t('experiment.chooseTitle')}
      text={
        waiting > 0
          ? t('experiment.chooseText', { count: waiting, shown: format.number(waiting) })
          : t('experiment.chooseNobody')
      }
      action={t('experiment.choose')}
      isReady={arms.some((one) => one.name === arm)}
      onConfirm={() => choose.mutateAsync(arm)}
    >
      <fieldset className="grid gap-2">
        <legend className="sr-only">{t('experiment.arms')}</legend>
        {arms.map((one) => (
          <label
            key={one.name}
            className="flex cursor-pointer items-center gap-3 rounded-md border p-3 has-checked:border-primary has-checked:bg-accent"
          >
            <input
              type="radio"
              name="winner"
              className="size-4 accent-[var(--ring)]"
              checked={arm === one.name}
              onChange={() => setArm(one.name)}
            />
            <bdi className="font-medium">{one.name}</bdi>
          </label>
        ))}
      </fieldset>
    </Confirm>
  );
}
