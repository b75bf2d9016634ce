import { useQuery } from '@tanstack/react-query';
import { SparklesIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { direction, LANGUAGE_OPTIONS, type Language } from '@/lib/i18n';
import type { Draft } from '@/lib/template-draft';
import { filled, languageOfSamples, readSamples, sampleLanguage, SAMPLES } from '@/lib/template-samples';
import { Field } from './field';
import { MarkedText } from './marked-text';
import { Badge } from './ui/badge';
import { Button } from './ui/button';
import { Dialog, DialogContent, DialogDescription, DialogTitle, DialogTrigger } from './ui/dialog';
import { NativeSelect } from './ui/input';
import { Skeleton } from './ui/skeleton';

/** Ready templates, one of which fills the editor. */
export function TemplateSamples({
  language,
  onChoose,
}: {
  language: string;
  onChoose: (draft: Partial<Draft>) => void;
}) {
  const { t, i18n } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState<Language | null>(null);
  const inWhich = chosen ?? languageOfSamples(language) ?? (i18n.language as Language);
  const read = (of: Language) => ({
    queryKey: ['template-samples', of],
    queryFn: () => readSamples(of),
    enabled: isOpen,
    staleTime: Infinity,
  });
  const samples = useQuery(read(inWhich)).data;
  const titles = useQuery(read(i18n.language as Language)).data;
  return (
    <Dialog open={isOpen} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button variant="outline">
          <SparklesIcon aria-hidden />
          {t('templates.samples')}
        </Button>
      </DialogTrigger>
      <DialogContent className="sm:max-w-3xl">
        <DialogTitle>{t('templates.samples')}</DialogTitle>
        <DialogDescription>{t('templates.samplesHint')}</DialogDescription>
        <Field label={t('templates.language')}>
          <NativeSelect value={inWhich} onChange={(event) => setChosen(event.target.value as Language)}>
            {LANGUAGE_OPTIONS.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </NativeSelect>
        </Field>
        {samples && titles ? (
          <ul className="grid gap-3 sm:grid-cols-2">
            {SAMPLES.map((name) => {
              const draft = filled(name, samples[name]);
              return (
                <li key={name} className="grid">
                  <button
                    type="button"
                    className="grid content-start gap-2 rounded-md border p-3 text-start text-sm hover:bg-muted"
                    onClick={() => {
                      onChoose({ ...draft, language: sampleLanguage(inWhich) });
                      setOpen(false);
                    }}
                  >
                    <span className="flex flex-wrap items-center justify-between gap-2">
                      <span className="font-medium">{titles[name].title}</span>
                      <Badge>{t(`templates.categories.${draft.category}`)}</Badge>
                    </span>
                    <span
                      lang={inWhich}
                      dir={direction(inWhich)}
                      className="line-clamp-4 whitespace-pre-line text-muted-foreground"
                    >
                      <MarkedText text={draft.body} />
                    </span>
                  </button>
                </li>
              );
            })}
          </ul>
        ) : (
          <Skeleton className="h-60" />
        )}
      </DialogContent>
    </Dialog>
  );
}
