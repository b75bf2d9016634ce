import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, tagged, type Schemas } from '@/api/client';
import { Fact, Facts } from '@/components/page';
import { RecordForm, tick } from '@/components/record-form';
import { Failed, Loading } from '@/components/states';
import { Card, CardTitle } from '@/components/ui/card';
import { useFormat } from '@/lib/format';
import { fieldsQuery, useIs, useWorkspace, useWorkspaceId } from '@/lib/queries';

type Settings = Schemas['LoyaltySettingsNow'];

const read = () => tagged(api.GET('/api/v1/loyalty/settings'));

/** The rules for those who may not change them. */
function Shown({ of, currency }: { of: Settings; currency: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const points = (count: number) => t('loyalty.points', { count, points: format.number(count) });
  return (
    <Facts>
      <Fact label={t('common.state')}>{t(of.enabled ? 'state.on' : 'state.off')}</Fact>
      <Fact label={t('loyalty.rule.order')}>
        {of.order
          ? t('loyalty.rule.orderIs', {
              points: points(of.order.points),
              money: format.money(of.order.per_minor, currency),
            })
          : '–'}
      </Fact>
      <Fact label={t('loyalty.rule.visit')}>{of.visit_points ? points(of.visit_points) : '–'}</Fact>
      <Fact label={t('loyalty.rule.birthday')}>{of.birthday ? points(of.birthday.points) : '–'}</Fact>
      <Fact label={t('loyalty.rule.months')}>{of.expiry ? format.number(of.expiry.months) : '–'}</Fact>
      <Fact label={t('loyalty.rule.warn')}>{of.expiry?.warn_days ? format.number(of.expiry.warn_days) : '–'}</Fact>
    </Facts>
  );
}

export function Rules() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('admin');
  const currency = useWorkspace()?.currency;
  const fields = useQuery(fieldsQuery(workspace));
  // A form must not begin with rules that are out of date.
  const query = useQuery({ queryKey: [workspace, 'loyalty-settings', 'tagged'], queryFn: read, gcTime: 0 });
  if (query.isPending || fields.isPending || !currency) return <Loading />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const dates = fields.data?.items.filter((field) => field.kind === 'date') ?? [];
  const number = (text: string | undefined) => (text?.trim() ? Number(text) : null);
  return (
    <Card className="max-w-3xl">
      <CardTitle>{t('loyalty.rules')}</CardTitle>
      {maySave ? (
        <RecordForm
          of={query.data}
          read={read}
          valuesOf={({ enabled, order, visit_points, birthday, expiry }) => ({
            enabled: tick(enabled),
            orderPoints: order ? String(order.points) : '',
            orderPer: order ? format.amount(order.per_minor, currency) : '',
            visit: visit_points ? String(visit_points) : '',
            birthday: birthday ? String(birthday.points) : '',
            field: birthday?.field ?? '',
            months: expiry ? String(expiry.months) : '',
            warn: expiry?.warn_days ? String(expiry.warn_days) : '',
          })}
          groups={[
            {
              fields: [{ name: 'enabled', label: t('loyalty.rule.on'), hint: t('loyalty.rule.onHint'), kind: 'check' }],
            },
            {
              legend: t('loyalty.rule.order'),
              beside: true,
              fields: [
                {
                  name: 'orderPoints',
                  label: t('loyalty.rule.points'),
                  hint: t('loyalty.rule.orderHint'),
                  kind: 'number',
                  pointer: 'order.points',
                },
                {
                  name: 'orderPer',
                  label: `${t('loyalty.rule.per')} (${currency})`,
                  kind: 'number',
                  step: 'any',
                  pointer: 'order.per_minor',
                },
              ],
            },
            {
              legend: t('loyalty.rule.visit'),
              fields: [
                {
                  name: 'visit',
                  label: t('loyalty.rule.points'),
                  hint: t('loyalty.rule.visitHint'),
                  kind: 'number',
                  pointer: 'visit_points',
                },
              ],
            },
            {
              legend: t('loyalty.rule.birthday'),
              beside: true,
              fields: [
                {
                  name: 'birthday',
                  label: t('loyalty.rule.points'),
                  hint: t('loyalty.rule.birthdayHint'),
                  kind: 'number',
                  pointer: 'birthday.points',
                },
                {
                  name: 'field',
                  label: t('loyalty.rule.field'),
                  hint: dates.length ? undefined : t('loyalty.rule.fieldNone'),
                  kind: 'choice',
                  pointer: 'birthday.field',
                  options: [
                    { value: '', label: t('common.none') },
                    ...dates.map(({ key, label }) => ({ value: key, label })),
                  ],
                },
              ],
            },
            {
              legend: t('loyalty.rule.expiry'),
              beside: true,
              fields: [
                {
                  name: 'months',
                  label: t('loyalty.rule.months'),
                  hint: t('loyalty.rule.monthsHint'),
                  kind: 'number',
                  pointer: 'expiry.months',
                },
                {
                  name: 'warn',
                  label: t('loyalty.rule.warn'),
                  hint: t('loyalty.rule.warnHint'),
                  kind: 'number',
                  pointer: 'expiry.warn_days',
                },
              ],
            },
          ]}
          check={(values) => ({
            // One half of a rule is no rule, and nobody would see what is missing.
            orderPer: values.orderPoints && !values.orderPer ? t('common.required') : undefined,
            orderPoints: values.orderPer && !values.orderPoints ? t('common.required') : undefined,
            field: values.birthday && !values.field ? t('common.required') : undefined,
            birthday: values.field && !values.birthday ? t('common.required') : undefined,
            months: values.warn && !values.months ? t('common.required') : undefined,
          })}
          save={(values, _changed, etag) => {
            const [points, months] = [number(values.orderPoints), number(values.months)];
            const birthday = number(values.birthday);
            return api.PUT('/api/v1/loyalty/settings', {
              params: { header: { 'If-Match': etag } },
              body: {
                enabled: values.enabled === 'yes',
                order: points === null ? null : { points, per_minor: format.minor(values.orderPer ?? '', currency) },
                visit_points: number(values.visit),
                birthday: birthday === null ? null : { points: birthday, field: values.field ?? '' },
                expiry: months === null ? null : { months, warn_days: number(values.warn) },
              },
            });
          }}
        >
          <p className="text-sm text-muted-foreground">
            {t('loyalty.rule.template')}{' '}
            <Link to="/templates" className="text-primary-text underline underline-offset-4">
              {t('nav.templates')}
            </Link>
          </p>
        </RecordForm>
      ) : (
        <Shown of={query.data.data} currency={currency} />
      )}
    </Card>
  );
}
