//! The templates of one watch: each is read once, kept in the ledger, and identified for the services that it may be of.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use cluster::history::{Revision, RevisionPages};
use cluster::records::RevisionRecord;
use domain::history::TemplateFacts;
use domain::ids::{Namespace, ServiceName, TemplateHash, Uid};
use domain::template::PodTemplate;
use domain::workload::RevisionKind;
use domain::workspace::Service;

use super::{History, Workload};
use crate::backend::{Backend, blocking};
use crate::connection::ClusterLink;
use crate::error;
use crate::releases::{self, Releases};
use crate::session::Session;

/// From so many unread templates in a namespace on, all its revisions are listed at once.
const MANY: usize = 12;

/// What is listed together.
type Part = (RevisionKind, Namespace);

/// What is needed of a template at hand.
pub(super) struct Slim {
    pub without_restart: TemplateHash,
    pub images: Vec<String>,
}

impl History {
    /// Keeps a template in the ledger, and what is needed of it at hand.
    pub async fn keep_template(
        &mut self,
        session: &Arc<Session>,
        hash: &TemplateHash,
        template: &PodTemplate,
        now: DateTime<Utc>,
    ) {
        self.keep_templates(session, vec![(hash.clone(), template.clone())], now)
            .await;
    }

    async fn keep_templates(
        &mut self,
        session: &Arc<Session>,
        templates: Vec<(TemplateHash, PodTemplate)>,
        now: DateTime<Utc>,
    ) {
        for (hash, template) in &templates {
            let containers = template.containers();
            let slim = Slim {
                without_restart: template.without_restart().hash(),
                images: containers.iter().map(|(_, image)| (*image).to_owned()).collect(),
            };
            self.templates.insert(hash.clone(), slim);
            for service in &session.workspace.services {
                if !might_be(service, &containers) {
                    continue;
                }
                if self
                    .identified
                    .contains_key(&(service.name.clone(), hash.clone()))
                {
                    continue;
                }
                let known = self.releases.entry(service.name.clone());
                let known = known.or_insert_with(|| known_releases(session, service));
                let identified = Arc::new(service.identify(template, known, None));
                self.identified
                    .insert((service.name.clone(), hash.clone()), identified);
            }
        }
        let session = Arc::clone(session);
        let kept = blocking(move || {
            let templates = templates.iter().map(|(_, template)| template);
            session
                .ledger
                .put_templates(templates, now)
                .map_err(error::ledger)
        });
        if let Err(error) = kept.await {
            tracing::warn!(%error, "templates were not kept");
        }
    }

    pub(super) fn facts(
        &mut self,
        session: &Session,
        service: &ServiceName,
        hash: &TemplateHash,
    ) -> Option<TemplateFacts> {
        let key = (service.clone(), hash.clone());
        if !self.identified.contains_key(&key) || !self.templates.contains_key(hash) {
            let template = session.ledger.template(hash).ok().flatten()?;
            let slim = Slim {
                without_restart: template.without_restart().hash(),
                images: template
                    .containers()
                    .into_iter()
                    .map(|(_, image)| image.to_owned())
                    .collect(),
            };
            self.templates.insert(hash.clone(), slim);
            let service = session.workspace.service(service)?;
            let known = self.releases.entry(service.name.clone());
            let known = known.or_insert_with(|| known_releases(session, service));
            self.identified
                .insert(key.clone(), Arc::new(service.identify(&template, known, None)));
        }
        let identified = self.identified.get(&key)?;
        Some(TemplateFacts {
            hash: hash.clone(),
            without_restart: self.templates.get(hash)?.without_restart.clone(),
            version: identified.version.clone(),
        })
    }

    /// What the template of a revision says, if it was read.
    pub(super) fn facts_of(
        &mut self,
        session: &Session,
        service: &ServiceName,
        revision: &RevisionRecord,
    ) -> Option<TemplateFacts> {
        let hash = self.kept.get(&revision.uid)?.clone();
        self.facts(session, service, &hash)
    }

    /// Reads the templates of revisions that were not read yet: each once.
    pub(super) async fn read_templates(
        &mut self,
        backend: &Arc<Backend>,
        session: &Arc<Session>,
        link: &Arc<ClusterLink>,
        records: &[Workload],
    ) {
        let mut missing: HashMap<Part, (usize, Vec<Arc<str>>)> = HashMap::new();
        for (_, record, revisions) in records {
            let count = revisions
                .iter()
                .filter(|revision| self.is_missing(&revision.uid))
                .count();
            if count > 0 {
                let part = (record.kind.revisions(), record.namespace.clone());
                let entry = missing.entry(part).or_default();
                entry.0 += count;
                entry.1.push(Arc::clone(&record.selector));
            }
        }
        let Some(clients) = link.clients() else { return };
        let mut failed: HashSet<Part> = HashSet::new();
        for (part, (count, selectors)) in missing {
            let selectors: Vec<Option<Arc<str>>> = if count > MANY {
                vec![None]
            } else {
                selectors.into_iter().map(Some).collect()
            };
            for selector in selectors {
                let (kind, namespace) = &part;
                let pages = RevisionPages::of(&clients, *kind, namespace, selector.as_deref());
                if let Err(error) = self.read_pages(backend, session, pages).await {
                    tracing::warn!(cluster = %link.name, %error, "revisions were not read");
                    if !error.is_refusal() {
                        failed.insert(part.clone());
                    }
                }
            }
        }
        // What is missing after a whole answer is gone; what was not answered is asked for at the next change.
        let unread = records
            .iter()
            .filter(|(_, record, _)| !failed.contains(&(record.kind.revisions(), record.namespace.clone())))
            .flat_map(|(_, _, revisions)| revisions)
            .map(|revision| revision.uid.clone());
        let unread: Vec<Uid> = unread.filter(|uid| self.is_missing(uid)).collect();
        self.unread.extend(unread);
    }

    async fn read_pages(
        &mut self,
        backend: &Backend,
        session: &Arc<Session>,
        mut pages: RevisionPages,
    ) -> Result<(), cluster::Error> {
        while let Some(page) = pages.next().await? {
            self.take_page(session, page, backend.now()).await;
        }
        Ok(())
    }

    fn is_missing(&self, revision: &Uid) -> bool {
        !self.kept.contains_key(revision) && !self.unread.contains(revision)
    }

    async fn take_page(&mut self, session: &Arc<Session>, page: Vec<Revision>, now: DateTime<Utc>) {
        let mut templates = Vec::new();
        for Revision { record, template, .. } in page {
            if self.kept.contains_key(&record.uid) {
                continue;
            }
            let hash = template.hash();
            self.kept.insert(record.uid, hash.clone());
            if !self.templates.contains_key(&hash) {
                templates.push((hash, template));
            }
        }
        self.keep_templates(session, templates, now).await;
    }
}

fn known_releases(session: &Session, service: &Service) -> Releases {
    releases::known(session, service).unwrap_or_else(|error| {
        tracing::warn!(%error, "the digests of releases were not read");
        Releases::default()
    })
}

/// Whether a template can be the service's: cheap, so that not every service is asked about every template.
fn might_be(service: &Service, containers: &[(&str, &str)]) -> bool {
    let name = service.name.as_str();
    service.container.is_some()
        || containers
            .iter()
            .any(|(container, image)| *container == name || image.contains(name))
}
