"""Names for invented people; drawn with a fixed seed, so that the demo is the same everywhere."""

from __future__ import annotations

FIRST = (
    *("Maria", "James", "Aisha", "Wei", "Elena", "David", "Fatima", "Carlos", "Grace", "Samuel"),
    *("Priya", "Thomas", "Leila", "Miguel", "Hannah", "Kwame", "Ingrid", "Omar", "Rosa", "Daniel"),
    *("Mei", "Peter", "Amina", "Luis", "Ruth", "Ivan", "Sofia", "Abdi", "Claire", "Joseph"),
    *("Nadia", "Ben", "Yuki", "Andre", "Miriam", "Pablo", "Anna", "Tariq", "Lucia", "George"),
)
LAST = (
    *("Reyes", "Okafor", "Nguyen", "Miller", "Haddad", "Johnson", "Garcia", "Cohen", "Kim"),
    *("Anderson", "Diallo", "Lopez", "Novak", "Patel", "Brown", "Ito", "Fischer", "Ramirez"),
    *("Hassan", "Clark", "Moreau", "Silva", "Chen", "Walker", "Mbeki", "Torres", "Larsen"),
    *("Rosen", "Khan", "Davis", "Petrov", "Flores", "Osei", "Young", "Alvarez", "Sato", "Weiss"),
)
