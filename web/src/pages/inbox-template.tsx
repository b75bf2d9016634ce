import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { useAct } from '@/lib/act';
import type { Message } from '@/lib/conversation';
import { templatesQuery, useWorkspaceId } from '@/lib/queries';
import { wantsOf } from '@/lib/template';
import { Field } from '@/components/field';
import { Empty, Failed, Loading } from '@/components/states';
import { TemplatePreview } from '@/components/template-preview';
import { Button } from '@/components/ui/button';
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogTitle } from '@/components/ui/dialog';
import { Input, NativeSelect } from '@/components/ui/input';

/** Templates of the account that need no more than texts: an answer has neither a file nor the end of a link. */
function usable(templates: Schemas['Template'][], account: string | null | undefined) {
  return templates.filter((one) => {
    const wants = wantsOf(one);
    const isBare = !wants.link && !wants.title && !wants.location && !wants.more;
    const isPlain = isBare && !wants.urls.length && !wants.coupons.length;
    return one.status === 'approved' && one.category !== 'authentication' && one.account_id === account && isPlain;
  });
}

/** Answers with an approved template, which reaches the customer at any time. */
export function TemplateAnswer({
  id,
  account,
  language,
  open,
  onOpenChange,
  onSent,
}: {
  id: string;
  account: string | null | undefined;
  /** The customer's language. */
  language: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onSent: (message: Message) => void;
}) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState('');
  const [values, setValues] = useState<string[]>([]);
  const templates = useQuery({ ...templatesQuery(useWorkspaceId()), enabled: open });
  const all = usable(templates.data?.items ?? [], account).toSorted(
    (a, b) => Number(b.language.startsWith(language)) - Number(a.language.startsWith(language)),
  );
  const template = all.find((one) => one.id === chosen) ?? all[0];
  const names = wantsOf(template).names;
  const filled = names.map((_, place) => values[place] ?? '');
  const send = useAct(async () => {
    if (!template) return;
    const body = { template: { name: template.name, language: template.language, parameters: filled } };
    onSent(await answer(api.POST('/api/v1/conversations/{id}/messages', { params: { path: { id } }, body })));
    setValues([]);
    onOpenChange(false);
  });
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent>
        <DialogTitle>{t('inbox.sendTemplate')}</DialogTitle>
        <DialogDescription>{t('inbox.templateHint')}</DialogDescription>
        {templates.isError ? (
          <Failed error={templates.error} retry={() => void templates.refetch()} />
        ) : templates.isPending ? (
          <Loading />
        ) : !template ? (
          <Empty title={t('inbox.noTemplates')} />
        ) : (
          <form
            className="grid gap-4"
            onSubmit={(event) => {
              event.preventDefault();
              send.mutate(undefined);
            }}
          >
            <Field label={t('inbox.template')}>
              <NativeSelect
                value={template.id}
                onChange={(event) => {
                  setChosen(event.target.value);
                  setValues([]);
                }}
              >
                {all.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name} ({one.language})
                  </option>
                ))}
              </NativeSelect>
            </Field>
            {filled.map((value, place) => (
              <Field
                key={place}
                label={/^\d+$/.test(names[place]!) ? t('inbox.place', { number: names[place] }) : `{{${names[place]}}}`}
              >
                <Input
                  dir="auto"
                  value={value}
                  onChange={(event) => setValues(filled.with(place, event.target.value))}
                />
              </Field>
            ))}
            <TemplatePreview template={template} filling={{ values: filled }} />
            <DialogFooter>
              <Button variant="outline" onClick={() => onOpenChange(false)}>
                {t('common.cancel')}
              </Button>
              <Button type="submit" disabled={send.isPending || filled.some((value) => !value.trim())}>
                {t('inbox.send')}
              </Button>
            </DialogFooter>
          </form>
        )}
      </DialogContent>
    </Dialog>
  );
}
