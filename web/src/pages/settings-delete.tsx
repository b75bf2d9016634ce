// An owner deletes the workspace.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Trash2Icon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from 'sonner';
import { api, leaveWorkspace } from '@/api/client';
import { Confirm } from '@/components/confirm';
import { Field } from '@/components/field';
import { useReason } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { Input } from '@/components/ui/input';
import { readWorkspace } from '@/lib/queries';

/** The days for which the API restores a workspace. */
const RESTORABLE_DAYS = 30;

export function DeleteWorkspace({ name }: { name: string }) {
  const { t } = useTranslation();
  const reason = useReason();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [typed, setTyped] = useState('');
  const remove = useMutation({
    mutationFn: async () => {
      const { etag } = await readWorkspace();
      await api.DELETE('/api/v1/workspaces/current', { params: { header: { 'If-Match': etag } } });
    },
    onSuccess: async () => {
      toast.success(t('settings.isDeleted'));
      // The pages of the workspace go first: they would ask for what nobody may see any more.
      await navigate({ to: '/workspaces' });
      leaveWorkspace();
      await queries.invalidateQueries({ queryKey: ['workspaces'] });
    },
    onError: (error) => toast.error(reason(error)),
  });
  return (
    <Card className="mt-6 max-w-3xl">
      <CardTitle>{t('settings.delete')}</CardTitle>
      <p className="mb-4 text-sm text-muted-foreground">{t('settings.deleteHint', { days: RESTORABLE_DAYS })}</p>
      <Confirm
        trigger={
          <Button variant="destructive" onClick={() => setTyped('')}>
            <Trash2Icon aria-hidden />
            {t('settings.delete')}
          </Button>
        }
        title={t('settings.deleteTitle')}
        text={t('settings.deleteNow')}
        action={t('settings.delete')}
        destructive
        isReady={typed.trim() === name.trim()}
        onConfirm={() => remove.mutateAsync()}
      >
        <ul className="grid list-disc gap-1.5 ps-5 text-sm">
          <li>{t('settings.deleteBack', { days: RESTORABLE_DAYS })}</li>
          <li>{t('settings.deleteEnd')}</li>
          <li>{t('settings.deleteOutside')}</li>
        </ul>
        <Field label={t('settings.deleteType')} hint={<bdi className="font-medium">{name}</bdi>}>
          <Input dir="auto" autoComplete="off" value={typed} onChange={(event) => setTyped(event.target.value)} />
        </Field>
      </Confirm>
    </Card>
  );
}
