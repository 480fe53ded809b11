"""Read what comes in: text out of mail and files, the kind of response, the codes it quotes."""
