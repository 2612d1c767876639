import{y as t}from"./part-RZS3BDY5.js";import"./part-WMRQ6BRW.js";try{await t()}catch{}
