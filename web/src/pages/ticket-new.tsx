import { useNavigate } from '@tanstack/react-router';
import { PlusIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '@/api/client';
import { listOf, RecordDialog } from '@/components/record-form';
import { Button } from '@/components/ui/button';
import { PRIORITIES } from '@/lib/ticket';

/** Opens a ticket for a contact, who may have called or come by. Without a contact, the form asks for one. */
export function NewTicket({ contact }: { contact?: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size={contact ? 'sm' : 'default'} variant={contact ? 'outline' : 'default'} onClick={() => setOpen(true)}>
        <PlusIcon aria-hidden />
        {t('tickets.add')}
      </Button>
      <RecordDialog
        open={isOpen}
        onOpenChange={setOpen}
        title={t('tickets.add')}
        hint={t('tickets.addHint')}
        action={t('tickets.add')}
        done={t('tickets.added')}
        initial={{ contact: contact ?? '', priority: 'normal' }}
        groups={[
          {
            fields: [
              ...(contact
                ? []
                : [
                    {
                      name: 'contact',
                      label: t('tickets.contact'),
                      kind: 'contact' as const,
                      required: true,
                      pointer: 'contact_id',
                    },
                  ]),
              { name: 'subject', label: t('tickets.subject'), required: true },
              { name: 'message', label: t('tickets.message'), kind: 'area', required: true },
              {
                name: 'priority',
                label: t('tickets.priority'),
                kind: 'choice',
                options: PRIORITIES.map((value) => ({ value, label: t(`tickets.priorities.${value}`) })),
              },
            ],
          },
          {
            beside: true,
            fields: [
              { name: 'category', label: t('tickets.category') },
              { name: 'tags', label: t('contacts.tags'), hint: t('contacts.tagsHint') },
            ],
          },
        ]}
        save={async (values) => {
          const ticket = await answer(
            api.POST('/api/v1/support/tickets', {
              body: {
                contact_id: values.contact ?? '',
                subject: values.subject?.trim() ?? '',
                message: values.message?.trim() ?? '',
                priority: PRIORITIES.find((one) => one === values.priority),
                category: values.category?.trim() || null,
                tags: listOf(values.tags),
              },
            }),
          );
          await navigate({ to: '/tickets/$id', params: { id: ticket.id } });
        }}
      />
    </>
  );
}
