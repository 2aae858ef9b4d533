//! A form that is checked on the server while it is filled in.
use fluxstack_live::prelude::*;
use garde::{Validate, rules::email::parse_email};
use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
};

#[derive(LiveComponent, Validate)]
#[live(name = "FormComponent")]
pub(crate) struct Form {
    #[live(bind, on_set = Self::name_was_set)]
    #[garde(custom(is_name))]
    name: String,
    #[live(bind, on_set = Self::email_was_set)]
    #[garde(custom(is_address))]
    email: String,
    /// What is wrong, by field.
    #[live]
    #[garde(skip)]
    errors: Map<String, String>,
}

#[live_type]
pub(crate) struct FormProps {
    name: String,
    email: String,
    /// Accepted, so that the props are a whole state, and ignored.
    errors: BTreeMap<String, String>,
}

/// A field that can be checked.
#[live_type]
#[derive(Copy)]
pub(crate) enum FormField {
    Name,
    Email,
}

#[live_type]
pub(crate) struct Submitted {
    id: String,
}

/// Numbers what was submitted.
#[derive(Default)]
pub(crate) struct Submissions(AtomicU64);

#[live_actions]
impl Form {
    fn mount(props: FormProps) -> Result<Self, MountError> {
        Ok(Form { name: props.name, email: props.email, errors: Map::new() })
    }
    async fn validate_field(&mut self, field: FormField) {
        self.check(match field {
            FormField::Name => "name",
            FormField::Email => "email",
        });
    }
    async fn submit(&mut self, cx: &mut Context<Self>) -> Result<Submitted, Invalid> {
        let wrong = self.wrong();
        if !wrong.is_empty() {
            return Err(wrong
                .into_iter()
                .fold(Invalid::default(), |all, (field, text)| all.and(field, text)));
        }
        let number = cx.state::<Submissions>().0.fetch_add(1, Ordering::Relaxed) + 1;
        self.errors.clear();
        Ok(Submitted { id: number.to_string() })
    }
}

impl Form {
    fn name_was_set(&mut self) {
        self.check("name");
    }
    fn email_was_set(&mut self) {
        self.check("email");
    }
    fn check(&mut self, field: &str) {
        match self.wrong().remove(field) {
            Some(text) => drop(self.errors.insert(field.to_owned(), text)),
            None => drop(self.errors.remove(field)),
        }
    }
    /// What is wrong, by field.
    fn wrong(&self) -> BTreeMap<String, String> {
        let report = self.validate().err();
        let errors = report.iter().flat_map(|report| report.iter());
        errors.map(|(field, error)| (field.to_string(), error.message().to_owned())).collect()
    }
}

fn is_name(name: &str, _: &()) -> garde::Result {
    match name.trim().chars().count() {
        0 => Err(garde::Error::new("please say your name")),
        1 => Err(garde::Error::new("a name has at least two letters")),
        2..=80 => Ok(()),
        _ => Err(garde::Error::new("a name has at most 80 letters")),
    }
}

fn is_address(email: &str, _: &()) -> garde::Result {
    parse_email(email).map_err(|_| garde::Error::new("this is not an e-mail address yet"))
}
