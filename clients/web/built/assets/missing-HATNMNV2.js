import{E as t}from"./part-NWY6NDXA.js";import"./part-IU3HJC4J.js";try{await t()}catch{}
