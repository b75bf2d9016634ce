// What the choice of a campaign's recipients has told.

import { useMutation } from '@tanstack/react-query';
import { CheckIcon, ExternalLinkIcon, LinkIcon, TriangleAlertIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { linksOf } from '@/lib/campaign';
import { useFormat } from '@/lib/format';
import { CampaignPrice } from './credits';
import { Fact } from './page';
import { useReason } from './states';
import { Button } from './ui/button';

type Campaign = Schemas['Campaign'];
type Report = NonNullable<Campaign['report']>;

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

export function ReportFacts({
  report,
  isOver = false,
}: {
  report: Report;
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
      {report.credits && (
        <Fact label={t('campaigns.credits')}>
          {isOver ? format.number(report.credits.price) : <CampaignPrice quote={report.credits} />}
        </Fact>
      )}
      {!isOver && (
        <Fact label={t('campaigns.takes')}>
          {t('campaigns.minutes', { count: Math.max(1, Math.ceil(report.seconds / 60)) })}
          <span className="block text-muted-foreground">
            {t('campaigns.rate', { rate: format.number(report.rate) })}
          </span>
        </Fact>
      )}
    </>
  );
}

/** Recipients and what they cost, by country. A campaign has one category, as Meta charges it. */
export function Costs({ report, category }: { report: Report; category: Campaign['category'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!report.countries.length) return null;
  const head = 'py-1 pe-4 text-start font-medium';
  return (
    <div className="mt-6 overflow-x-auto">
      <h3 className="mb-2 text-sm font-semibold">{t('campaigns.costs')}</h3>
      <table className="w-full text-sm">
        <thead className="text-xs text-muted-foreground">
          <tr>
            <th className={head}>{t('campaigns.country')}</th>
            <th className={head}>{t('campaigns.categoryHead')}</th>
            <th className="py-1 pe-4 text-end font-medium">{t('campaigns.recipients')}</th>
            <th className="py-1 pe-4 text-end font-medium">{t('campaigns.priceEach')}</th>
            <th className="py-1 text-end font-medium">{t('campaigns.cost')}</th>
          </tr>
        </thead>
        <tbody>
          {report.countries.map(({ country, recipients, cost }) => (
            <tr key={country} className="border-t">
              <th scope="row" className="py-1 pe-4 text-start font-normal">
                {country ? format.country(country) : t('campaigns.countryUnknown')}
              </th>
              <td className="py-1 pe-4">{category ? t(`campaigns.category.${category}`) : '–'}</td>
              <td className="py-1 pe-4 text-end tabular-nums">{format.number(recipients)}</td>
              <td className="py-1 pe-4 text-end tabular-nums">
                {cost ? format.exact(cost.micros / recipients, cost.currency) : '–'}
              </td>
              <td className="py-1 text-end tabular-nums">
                {cost ? format.micros(cost.micros, cost.currency) : t('campaigns.unpriced')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {report.unpriced > 0 && report.cost && (
        <p className="mt-2 text-xs text-muted-foreground">
          {t('campaigns.unpricedSome', { count: report.unpriced, shown: format.number(report.unpriced) })}
        </p>
      )}
    </div>
  );
}

/** The addresses that the campaign leads to, and whether they answer. */
export function Links({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const reason = useReason();
  const links = linksOf(campaign);
  const check = useMutation({
    mutationFn: () =>
      answer(api.POST('/api/v1/messaging/campaigns/{id}/check-links', { params: { path: { id: campaign.id } } })),
  });
  if (!links.length) return null;
  const foundOf = (url: string) => check.data?.items.find((one) => one.url === url);
  return (
    <section aria-label={t('campaigns.links')} className="mt-6">
      <h3 className="mb-2 text-sm font-semibold">{t('campaigns.links')}</h3>
      <ul aria-live="polite" className="grid gap-2 text-sm">
        {links.map((url) => {
          const found = foundOf(url);
          return (
            <li key={url} className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <a
                href={url}
                target="_blank"
                rel="noreferrer"
                dir="ltr"
                className="inline-flex min-w-0 items-center gap-1 break-all underline"
              >
                {url}
                <ExternalLinkIcon className="size-3.5 shrink-0" aria-hidden />
              </a>
              {found?.works && (
                <span className="inline-flex items-center gap-1 text-primary-text">
                  <CheckIcon className="size-4" aria-hidden />
                  {t('campaigns.linkWorks')}
                </span>
              )}
              {found && !found.works && (
                <span role="alert" className="inline-flex items-center gap-1 text-destructive-text">
                  <TriangleAlertIcon className="size-4" aria-hidden />
                  {found.status ? t('campaigns.linkStatus', { status: found.status }) : t('campaigns.linkSilent')}
                </span>
              )}
            </li>
          );
        })}
      </ul>
      {check.isError && (
        <p role="alert" className="mt-2 text-sm text-destructive-text">
          {reason(check.error)}
        </p>
      )}
      <Button
        variant="outline"
        size="sm"
        className="mt-3"
        disabled={check.isPending}
        onClick={() => check.mutate(undefined)}
      >
        <LinkIcon aria-hidden />
        {t('campaigns.linksCheck')}
      </Button>
    </section>
  );
}
