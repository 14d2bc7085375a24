import { useState } from 'react';
import type { FullLink } from '../api.ts';
import { navigate } from '../router.ts';
import { SaveBar } from '../save-bar.tsx';
import { useSession } from '../session.ts';
import { useTitle } from '../shell.tsx';
import { ShortLink } from '../short-link.tsx';
import { useForm } from '../use-form.ts';
import { useLoad } from '../use-load.ts';
import { changedInput, NEW_LINK, valuesOf } from './link-values.ts';
import { RulesSection } from './rules-section.tsx';
import {
  BehaviourSection,
  DestinationSection,
  ExpirySection,
  PreviewSection,
  TagsSection,
  UtmSection,
} from './sections.tsx';
import { WebhooksSection } from './webhooks-section.tsx';

const time = (iso: string) => new Date(iso).toLocaleString();

function Facts({ link }: { link: FullLink }) {
  return (
    <p className="quiet">
      <ShortLink url={link.full_url} /> Made {time(link.inserted_at)}, changed {time(link.updated_at)}
    </p>
  );
}

function LinkForm({ stored, domains }: { stored: FullLink | null; domains: string[] }) {
  const { api } = useSession();
  const [link, setLink] = useState(stored);
  const title = link ? (link.name ?? link.slug) : 'New link';
  useTitle(title);
  const form = useForm(stored ? valuesOf(stored) : NEW_LINK, async (values, before) => {
    const input = link ? changedInput(before, values) : { url: values.url, ...changedInput(before, values) };
    const saved = await api.saveLink({ ...input, ...(link ? { id: link.id } : {}) });
    if (!link) navigate(`/links/${saved.id}`, { replace: true, saved: true });
    setLink(saved);
    return valuesOf(saved);
  });
  return (
    <form onSubmit={form.submit}>
      <div>
        <h1>{title}</h1>
        {link && <Facts link={link} />}
      </div>
      <DestinationSection form={form} domains={domains} />
      <WebhooksSection form={form} link={link} />
      <UtmSection form={form} />
      <RulesSection form={form} />
      <BehaviourSection form={form} />
      <ExpirySection form={form} />
      <PreviewSection form={form} />
      <TagsSection form={form} />
      <SaveBar label="Save Link" {...form} />
    </form>
  );
}

/** The page of a link, or of a new link if there is no id. */
export function LinkPage({ id }: { id: number | null }) {
  const { api } = useSession();
  const load = async () => ({
    link: id === null ? null : await api.link(id),
    domains: (await api.domains()).domains,
  });
  const { value, problem } = useLoad(load, [id]);
  if (problem) return <p role="alert">{problem}</p>;
  if (!value) return <p role="status">Loading …</p>;
  return <LinkForm stored={value.link} domains={value.domains.map(({ name }) => name)} />;
}
