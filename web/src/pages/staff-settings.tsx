import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { PageHead } from '@/components/page';
import { RecordForm } from '@/components/record-form';
import { Failed } from '@/components/states';
import { Card, CardTitle } from '@/components/ui/card';
import { Skeleton } from '@/components/ui/skeleton';
import { MICRO, USD } from '@/lib/money';
import { platformSettingsQuery } from '@/lib/platform';
import { useWorkspaceId } from '@/lib/queries';

const KINDS = ['question', 'push'] as const;

export function StaffSettings() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const query = useQuery(platformSettingsQuery(workspace));
  const prices = query.data?.usage_prices;
  const micros = (text: string | undefined) => Math.round(Number(text) * MICRO);
  return (
    <>
      <PageHead title={t('nav.staffSettings')} />
      <Card className="max-w-2xl" aria-label={t('platform.prices')}>
        <CardTitle className="mb-1">{t('platform.prices')}</CardTitle>
        <p className="mb-4 text-sm text-muted-foreground">{t('platform.pricesHint')}</p>
        {query.isError ? (
          <Failed error={query.error} retry={() => void query.refetch()} />
        ) : !prices ? (
          <Skeleton className="h-40" />
        ) : (
          <RecordForm
            initial={{
              question: String(prices.question_micro / MICRO),
              push: String(prices.push_micro / MICRO),
            }}
            groups={[
              {
                fields: KINDS.map((kind) => ({
                  name: kind,
                  label: `${t(`platform.price.${kind}`)} (${USD})`,
                  kind: 'number' as const,
                  step: 'any',
                  required: true,
                  pointer: `${kind}_micro`,
                })),
              },
            ]}
            save={({ question, push }) =>
              api.PUT('/api/v1/admin/settings', {
                body: { usage_prices: { question_micro: micros(question), push_micro: micros(push) } },
              })
            }
          />
        )}
      </Card>
    </>
  );
}
