import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { Field } from './field';
import { useReason } from './states';
import { Button } from './ui/button';
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogTitle } from './ui/dialog';
import { Input } from './ui/input';

/** Asks for a code of the second factor, and says whether a right one was shown. */
export function FreshCodeDialog({ onEnd }: { onEnd: (shown: boolean) => void }) {
  const { t } = useTranslation();
  const reason = useReason();
  const [code, setCode] = useState('');
  const [fault, setFault] = useState('');
  const show = async () => {
    try {
      await api.POST('/api/v1/auth/step-up', { body: { code: code.trim() } });
      onEnd(true);
    } catch (error) {
      setFault(reason(error));
    }
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onEnd(false)}>
      <DialogContent>
        <DialogTitle>{t('code.title')}</DialogTitle>
        <DialogDescription>{t('code.text')}</DialogDescription>
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            // The form around this dialog, if there is one, stays as it is.
            event.stopPropagation();
            void show();
          }}
        >
          <Field label={t('login.code')} hint={t('login.codeHint')} error={fault}>
            <Input
              dir="ltr"
              autoComplete="one-time-code"
              value={code}
              onChange={(event) => setCode(event.target.value)}
            />
          </Field>
          <DialogFooter>
            <Button type="submit" disabled={!code.trim()}>
              {t('code.go')}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
