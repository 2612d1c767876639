import{D as t}from"./part-EBZSMRMQ.js";import"./part-IU3HJC4J.js";try{await t()}catch{}
