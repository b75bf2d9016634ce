import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, tagged } from '@/api/client';
import { Fact, Facts } from '@/components/page';
import { RecordForm, tick } from '@/components/record-form';
import { Failed, Loading } from '@/components/states';
import { Card, CardTitle } from '@/components/ui/card';
import { useFormat } from '@/lib/format';
import { templatesQuery, useIs, useWorkspaceId } from '@/lib/queries';

const read = () => tagged(api.GET('/api/v1/feedback/settings'));

export function FeedbackSettings() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('admin');
  const templates = useQuery(templatesQuery(workspace));
  // A form must not begin with settings that are out of date.
  const query = useQuery({ queryKey: [workspace, 'feedback-settings', 'tagged'], queryFn: read, gcTime: 0 });
  if (query.isPending || templates.isPending) return <Loading />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const now = query.data.data;
  const approved = templates.data?.items.filter((one) => one.status === 'approved').map((one) => one.name) ?? [];
  // The chosen one stays in sight, also when the provider has paused it.
  const names = [...new Set([...(now.template ? [now.template] : []), ...approved])].toSorted();
  const yesNo = (on: boolean) => t(on ? 'common.yes' : 'common.no');
  return (
    <Card className="max-w-3xl">
      <CardTitle>{t('feedback.settingsTitle')}</CardTitle>
      {maySave ? (
        <RecordForm
          of={query.data}
          read={read}
          valuesOf={(one) => ({
            orders: tick(one.after_orders),
            bookings: tick(one.after_bookings),
            hours: String(one.delay_hours),
            template: one.template ?? '',
            ticket: tick(one.low_opens_ticket),
          })}
          groups={[
            {
              fields: [
                {
                  name: 'orders',
                  label: t('feedback.afterOrders'),
                  hint: t('feedback.afterOrdersHint'),
                  kind: 'check',
                  pointer: 'after_orders',
                },
                {
                  name: 'bookings',
                  label: t('feedback.afterBookings'),
                  hint: t('feedback.afterBookingsHint'),
                  kind: 'check',
                  pointer: 'after_bookings',
                },
                {
                  name: 'hours',
                  label: t('feedback.hours'),
                  hint: t('feedback.hoursHint'),
                  kind: 'number',
                  required: true,
                  pointer: 'delay_hours',
                },
                {
                  name: 'template',
                  label: t('feedback.template'),
                  hint: t('feedback.templateHint'),
                  kind: 'choice',
                  options: [{ value: '', label: t('common.none') }, ...names.map((value) => ({ value, label: value }))],
                },
                {
                  name: 'ticket',
                  label: t('feedback.lowTicket'),
                  hint: t('feedback.lowTicketHint'),
                  kind: 'check',
                  pointer: 'low_opens_ticket',
                },
              ],
            },
          ]}
          save={(values, _changed, etag) =>
            api.PUT('/api/v1/feedback/settings', {
              params: { header: { 'If-Match': etag } },
              body: {
                after_orders: values.orders === 'yes',
                after_bookings: values.bookings === 'yes',
                delay_hours: Number(values.hours),
                template: values.template || null,
                low_opens_ticket: values.ticket === 'yes',
              },
            })
          }
        />
      ) : (
        <Facts>
          <Fact label={t('feedback.afterOrders')}>{yesNo(now.after_orders)}</Fact>
          <Fact label={t('feedback.afterBookings')}>{yesNo(now.after_bookings)}</Fact>
          <Fact label={t('feedback.hours')}>{format.number(now.delay_hours)}</Fact>
          <Fact label={t('feedback.template')}>{now.template ?? '–'}</Fact>
          <Fact label={t('feedback.lowTicket')}>{yesNo(now.low_opens_ticket)}</Fact>
        </Facts>
      )}
    </Card>
  );
}
