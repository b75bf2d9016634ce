import { TriangleAlertIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { useFormat } from '@/lib/format';
import { Reasons } from './campaign-report';

/** The arms of a planned test: who gets which, what it costs, and whether they are enough. */
export function CampaignArms({ report }: { report: Schemas['CampaignExperimentReport'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const number = 'py-1 ps-4 text-end tabular-nums';
  const others = [
    { name: t('experiment.rest'), count: report.rest },
    { name: t('experiment.holdoutPart'), count: report.holdout },
  ].filter((one) => one.count > 0);
  return (
    <section aria-label={t('experiment.title')} className="mt-6">
      <h3 className="mb-2 text-sm font-semibold">{t('experiment.title')}</h3>
      <div className="overflow-x-auto">
        <table className="w-full text-sm">
          <thead className="text-xs text-muted-foreground">
            <tr>
              <th className="py-1 text-start font-medium">{t('experiment.arm')}</th>
              <th className="py-1 ps-4 text-start font-medium">{t('campaigns.categoryHead')}</th>
              <th className="py-1 ps-4 text-end font-medium">{t('campaigns.recipients')}</th>
              <th className="py-1 ps-4 text-end font-medium">{t('campaigns.cost')}</th>
            </tr>
          </thead>
          <tbody>
            {report.arms.map((arm) => (
              <tr key={arm.arm} className="border-t">
                <th scope="row" className="py-1 text-start font-normal">
                  <bdi>{arm.arm}</bdi>
                </th>
                <td className="py-1 ps-4">{arm.category ? t(`campaigns.category.${arm.category}`) : '–'}</td>
                <td className={number}>{format.number(arm.recipients)}</td>
                <td className={number}>
                  {arm.cost ? format.micros(arm.cost.micros, arm.cost.currency) : t('campaigns.unpriced')}
                </td>
              </tr>
            ))}
            {others.map((one) => (
              <tr key={one.name} className="border-t text-muted-foreground">
                <th scope="row" className="py-1 text-start font-normal">
                  {one.name}
                </th>
                <td />
                <td className={number}>{format.number(one.count)}</td>
                <td />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {report.too_small && (
        <p role="alert" className="mt-4 flex gap-2 rounded-md border border-amber-500 p-3 text-sm">
          <TriangleAlertIcon className="mt-0.5 size-4 shrink-0" aria-hidden />
          {t('experiment.tooSmall', { needed: format.number(report.needed) })}
        </p>
      )}
      {report.arms.map((arm) => (
        <Reasons key={arm.arm} title={t('experiment.leftOutBy', { name: arm.arm })} reasons={arm.left_out} />
      ))}
    </section>
  );
}
