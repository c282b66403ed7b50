document.documentElement.dataset.messages = ""
