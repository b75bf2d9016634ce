// A member orders for a contact, who has called or come by.

import { useQueries } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from 'sonner';
import { answer, api, ApiError } from '@/api/client';
import { ContactPicker } from '@/components/contact-picker';
import { Field } from '@/components/field';
import { LeaveGuard } from '@/components/leave-guard';
import { NOTE_CHARS, OrderLines, productQuery, type OrderLine } from '@/components/order-lines';
import { PageHead } from '@/components/page';
import { useReason } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { Textarea } from '@/components/ui/input';
import { useFormat } from '@/lib/format';
import { useWorkspaceId } from '@/lib/queries';

export function NewOrder() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const reason = useReason();
  const navigate = useNavigate();
  const { contact: given = '' } = useSearch({ from: '/app/orders/new' });
  const [contact, setContact] = useState(given);
  const [lines, setLines] = useState<OrderLine[]>([]);
  /** The products whose quantities cannot be ordered. */
  const [faulty, setFaulty] = useState<Record<string, boolean>>({});
  const [note, setNote] = useState('');
  const [faults, setFaults] = useState<{ contact?: string; note?: string; rest?: string }>({});
  const [isBusy, setBusy] = useState(false);
  const products = useQueries({ queries: lines.map((line) => productQuery(workspace, line.product_id)) });
  const currency = products.find((one) => one.data)?.data?.currency;
  const total = products.reduce((all, one, at) => all + (one.data?.price_minor ?? 0) * lines[at]!.quantity, 0);

  const place = async () => {
    setFaults({});
    setLines((all) => all.map(({ product_id, quantity }) => ({ product_id, quantity })));
    if (!contact) return setFaults({ contact: t('common.required') });
    if (!lines.length) return setFaults({ rest: t('orders.linesNone') });
    if (lines.some((line) => faulty[line.product_id])) return;
    setBusy(true);
    try {
      const items = lines.map(({ product_id, quantity }) => ({ product_id, quantity }));
      const order = await answer(
        api.POST('/api/v1/orders', { body: { contact_id: contact, items, note: note.trim() } }),
      );
      toast.success(t('orders.placed'));
      await navigate({ to: '/orders/$id', params: { id: order.id }, ignoreBlocker: true });
    } catch (error) {
      const named = (error instanceof ApiError && error.problem?.errors) || [];
      const rest: string[] = [];
      const found: typeof faults = {};
      for (const { pointer, detail } of named) {
        const [, part, at] = pointer.split('/');
        if (part === 'items' && at !== undefined && lines[Number(at)])
          setLines((all) => all.map((line, index) => (index === Number(at) ? { ...line, fault: detail } : line)));
        else if (part === 'contact_id') found.contact = detail;
        else if (part === 'note') found.note = detail;
        else rest.push(detail);
      }
      setFaults({ ...found, rest: named.length ? rest.join(' ') : reason(error) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <LeaveGuard isUnsaved={() => contact !== given || lines.length > 0 || note.trim() !== ''} />
      <PageHead title={t('orders.new')} back={{ to: '/orders', label: t('nav.orders') }} />
      <form
        noValidate
        className="grid max-w-3xl gap-6"
        onSubmit={(event) => {
          event.preventDefault();
          void place();
        }}
      >
        <Card>
          <Field label={t('orders.contact')} error={faults.contact}>
            <ContactPicker value={contact} onChange={setContact} />
          </Field>
        </Card>
        <Card>
          <CardTitle>{t('orders.items')}</CardTitle>
          <OrderLines
            lines={lines}
            onAdd={({ id }) => setLines((all) => [...all, { product_id: id, quantity: 1 }])}
            onQuantity={(id, quantity) =>
              setLines((all) => all.map((line) => (line.product_id === id ? { product_id: id, quantity } : line)))
            }
            onFault={(id, isFaulty) => setFaulty((all) => ({ ...all, [id]: isFaulty }))}
            onRemove={(id) => {
              setLines((all) => all.filter((line) => line.product_id !== id));
              // The product can be added again, with a quantity that is good.
              setFaulty((all) => ({ ...all, [id]: false }));
            }}
          />
          {lines.length > 0 && (
            <p className="mt-4 flex justify-between border-t pt-4 font-semibold">
              {t('orders.total')} <span className="tabular-nums">{format.money(total, currency)}</span>
            </p>
          )}
        </Card>
        <Card>
          <Field label={t('orders.note')} error={faults.note}>
            <Textarea
              dir="auto"
              maxLength={NOTE_CHARS}
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          </Field>
        </Card>
        {faults.rest && (
          <p role="alert" className="text-sm text-destructive-text">
            {faults.rest}
          </p>
        )}
        <div className="flex flex-wrap items-center gap-4">
          <Button type="submit" disabled={isBusy}>
            {t('orders.place')}
          </Button>
          <p className="text-sm text-muted-foreground">{t('orders.placeHint')}</p>
        </div>
      </form>
    </>
  );
}
