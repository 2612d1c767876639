import{a}from"./part-IU3HJC4J.js";a("again").addEventListener("click",()=>location.reload());
