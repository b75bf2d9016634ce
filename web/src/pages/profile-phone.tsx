// A user proves their phone with a code that comes over WhatsApp.

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schemas } from '@/api/client';
import { RecordDialog } from '@/components/record-form';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { useAct } from '@/lib/act';

export function PhoneProof({ me }: { me: Schemas['Me'] }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const send = useAct(async () => {
    await api.POST('/api/v1/auth/verify-phone/send');
    setAsked(true);
  }, t('profile.phoneSent'));
  if (!me.phone) return null;
  return (
    <div className="mb-4 flex flex-wrap items-center gap-3 text-sm">
      <bdi dir="ltr">{me.phone}</bdi>
      {me.phone_verified_at ? (
        <Badge tone="good">{t('profile.phoneProven')}</Badge>
      ) : (
        <>
          <Badge tone="waiting">{t('profile.phoneUnproven')}</Badge>
          <Button variant="outline" size="sm" disabled={send.isPending} onClick={() => send.mutate(undefined)}>
            {t('profile.phoneVerify')}
          </Button>
        </>
      )}
      <RecordDialog
        open={isAsked}
        onOpenChange={setAsked}
        title={t('profile.phoneVerify')}
        hint={t('profile.phoneText', { phone: me.phone })}
        action={t('profile.confirm')}
        done={t('profile.phoneDone')}
        groups={[
          {
            fields: [
              { name: 'code', label: t('login.code'), required: true, dir: 'ltr', autoComplete: 'one-time-code' },
            ],
          },
        ]}
        save={async (values) => {
          await api.POST('/api/v1/auth/verify-phone', { body: { code: values.code?.trim() ?? '' } });
          await queries.invalidateQueries({ queryKey: ['me'] });
        }}
      />
    </div>
  );
}
