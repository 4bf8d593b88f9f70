"""One small invented company, exported in every form; the hostile cases lie apart."""
