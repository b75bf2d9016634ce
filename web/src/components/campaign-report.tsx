// What the choice of a campaign's recipients has told.

import { ExternalLinkIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { linksOf } from '@/lib/campaign';
import { useFormat } from '@/lib/format';
import { Fact } from './page';

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
  const { t, i18n } = useTranslation();
  const format = useFormat();
  if (!report.countries.length) return null;
  const names = new Intl.DisplayNames(i18n.language, { type: 'region' });
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
                {country ? names.of(country) : t('campaigns.countryUnknown')}
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

/** The addresses that the campaign leads to. */
export function Links({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const links = linksOf(campaign);
  if (!links.length) return null;
  return (
    <section aria-label={t('campaigns.links')} className="mt-6">
      <h3 className="mb-2 text-sm font-semibold">{t('campaigns.links')}</h3>
      <ul className="grid gap-2 text-sm">
        {links.map((url) => (
          <li key={url}>
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
          </li>
        ))}
      </ul>
    </section>
  );
}
