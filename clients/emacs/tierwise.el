;;; tierwise.el --- Ghost text and commands of Tierwise, over Eglot -*- lexical-binding: t -*-

;; Package-Requires: ((emacs "30.1"))
;; Version: 0.1.0
;; Keywords: tools, convenience
;; SPDX-License-Identifier: MIT

;;; Commentary:

;; The AI language server that gives each request to the cheapest model that does it well.
;; Eglot knows hovers, code actions and findings; this adds ghost text and the server's commands:
;; (require 'tierwise), (tierwise-setup '(python-mode python-ts-mode)), and M-x eglot in such a buffer.

;;; Code:

(require 'cl-lib)
(require 'eglot)

(defgroup tierwise nil
  "The AI language server that asks the cheapest model that does it well."
  :group 'tools)

(defcustom tierwise-command '("tierwise" "lsp")
  "How the server is started."
  :type '(repeat string))

(defcustom tierwise-delay 0.05
  "Seconds without a key until ghost text is asked for."
  :type 'number)

(defface tierwise-ghost '((t :inherit shadow))
  "Ghost text.")

(defclass tierwise-server (eglot-lsp-server)
  ((status :initform nil :accessor tierwise-server-status))
  :documentation "The server as Eglot sees it.")

;;;###autoload
(defun tierwise-setup (modes)
  "Let Eglot start Tierwise for buffers in MODES, with ghost text."
  (add-to-list 'eglot-server-programs `(,modes . (tierwise-server ,@tierwise-command)))
  (add-hook 'eglot-managed-mode-hook #'tierwise--managed))

(cl-defmethod eglot-client-capabilities :around ((_server tierwise-server))
  "Say that ghost text can be shown, and let actions be run as commands.
Emacs would stand still while they are resolved."
  (let* ((said (cl-call-next-method)) (documents (plist-get said :textDocument)))
    (plist-put (plist-get documents :codeAction) :resolveSupport nil)
    (plist-put said :textDocument (plist-put documents :inlineCompletion '(:dynamicRegistration :json-false)))))

(cl-defmethod eglot-execute ((_server tierwise-server) action)
  "Have ACTION done, beside your typing where it is a command."
  (let ((command (plist-get action :command)))
    (if (or (plist-get action :edit) (not command)) (cl-call-next-method)
      (tierwise--execute (if (stringp command) action command)))))

(cl-defmethod eglot-handle-notification ((server tierwise-server) (_method (eql tierwise/status)) &rest status)
  "Keep STATUS of SERVER for the mode line."
  (setf (tierwise-server-status server) status)
  (force-mode-line-update t))

(cl-defmethod eglot-handle-notification :after ((_s tierwise-server) (_m (eql $/progress)) &key value &allow-other-keys)
  "Say how far the work is that VALUE tells of, and why somebody else is asked."
  (when-let* ((said (plist-get value :message))) (message "Tierwise: %s" said)))

(defun tierwise--server ()
  "Return the server of this buffer, or nil."
  (let ((server (and (fboundp 'eglot-current-server) (eglot-current-server))))
    (and server (object-of-class-p server 'tierwise-server) server)))

(defun tierwise--server-or-lose ()
  "Return the server of this buffer, or complain."
  (or (tierwise--server) (user-error "Tierwise does not run here: M-x eglot")))

(defun tierwise--managed ()
  "Show ghost text where Tierwise manages the buffer."
  (when (tierwise--server)
    (tierwise-mode (if (eglot-managed-p) 1 -1))))

(defun tierwise-mode-line ()
  "Return who answered last and what today has cost."
  (let* ((server (tierwise--server)) (status (and server (tierwise-server-status server))))
    (when status
      (format " tierwise %s%s%s $%.2f" (if (eq (plist-get status :paused) t) "paused" (plist-get status :tier))
              (if (eq (plist-get status :busy) t) "*" "") (if (equal (plist-get status :kind) "normal") "" "!")
              (plist-get status :costToday)))))

;;; Ghost text

(defvar-local tierwise--items nil "Suggestions for this place, the chosen one first.")
(defvar-local tierwise--start nil "Marker at the start of what they replace.")
(defvar-local tierwise--behind 0 "Characters between the end of what they replace and the end of the line.")
(defvar-local tierwise--overlay nil)
(defvar-local tierwise--timer nil)

(defvar tierwise-ghost-map
  (let ((map (make-sparse-keymap)))
    (keymap-set map "TAB" #'tierwise-accept)
    (keymap-set map "<tab>" #'tierwise-accept)
    (keymap-set map "M-f" #'tierwise-accept-word)
    (keymap-set map "C-e" #'tierwise-accept-line)
    (keymap-set map "M-n" #'tierwise-next)
    (keymap-set map "M-p" #'tierwise-previous)
    (keymap-set map "C-g" #'tierwise-dismiss)
    map)
  "Keys while ghost text is shown.")

(defvar-local tierwise--shown nil "Non-nil while ghost text is shown.")

;;;###autoload
(define-minor-mode tierwise-mode
  "Ghost text from Tierwise."
  :lighter (:eval (tierwise-mode-line))
  (if tierwise-mode
      (progn
        (add-to-list 'minor-mode-overriding-map-alist `(tierwise--shown . ,tierwise-ghost-map))
        (add-hook 'post-self-insert-hook #'tierwise--typed nil t)
        (add-hook 'post-command-hook #'tierwise--draw nil t))
    (remove-hook 'post-self-insert-hook #'tierwise--typed t)
    (remove-hook 'post-command-hook #'tierwise--draw t)
    (tierwise--drop)))

(defun tierwise--rest ()
  "Return what is left of the suggestion at point, or nil after other text."
  (when (and tierwise--items tierwise--start (<= tierwise--start (point) (- (line-end-position) tierwise--behind)))
    (let ((text (plist-get (car tierwise--items) :insertText))
          (typed (buffer-substring-no-properties tierwise--start (point))))
      (and (string-prefix-p typed text) (> (length text) (length typed)) (substring text (length typed))))))

(defun tierwise--drop ()
  "Forget what is shown."
  (when tierwise--overlay (delete-overlay tierwise--overlay))
  (setq tierwise--items nil tierwise--shown nil))

(defun tierwise--draw ()
  "Draw what is left of the chosen suggestion; return whether there is anything."
  (let ((rest (tierwise--rest)))
    (if (not rest)
        (tierwise--drop)
      (unless tierwise--overlay (setq tierwise--overlay (make-overlay 1 1)))
      (move-overlay tierwise--overlay (point) (point) (current-buffer))
      (let ((ghost (propertize rest 'face 'tierwise-ghost)))
        (put-text-property 0 1 'cursor t ghost)
        (overlay-put tierwise--overlay 'after-string ghost))
      (unless tierwise--shown (tierwise--tell :textDocument/didShowCompletion (car tierwise--items)))
      (setq tierwise--shown t))
    rest))

(defun tierwise--tell (method item &rest more)
  "Tell the server by METHOD what became of ITEM, with MORE."
  (when-let* ((server (tierwise--server)))
    (jsonrpc-notify server method `(:item ,item ,@more))))

(defun tierwise--typed ()
  "After each key that inserts something, a new line too: ask if none follows."
  (when tierwise--timer (cancel-timer tierwise--timer))
  (setq tierwise--timer (run-with-idle-timer tierwise-delay nil #'tierwise--ask (current-buffer) 2)))

(defun tierwise--ask (buffer kind)
  "Ask for suggestions at point in BUFFER.
KIND is 1 where the user asked, 2 otherwise."
  (when (buffer-live-p buffer)
    (with-current-buffer buffer
      (when-let* ((server (tierwise--server)))
        (eglot--signal-textDocument/didChange)
        (let ((now (list (buffer-chars-modified-tick) (point))))
          (jsonrpc-async-request
           server :textDocument/inlineCompletion
           `(,@(eglot--TextDocumentPositionParams) :context (:triggerKind ,kind))
           :success-fn (lambda (answer)
                         (when (buffer-live-p buffer)
                           (with-current-buffer buffer
                             (when (equal now (list (buffer-chars-modified-tick) (point)))
                               (tierwise--take answer)))))
           :error-fn #'ignore :timeout-fn #'ignore))))))

(defun tierwise--take (answer)
  "Show the first suggestion of ANSWER."
  (tierwise--drop)
  (when-let* ((items (append (plist-get answer :items) nil))
              (range (eglot-range-region (plist-get (car items) :range))))
    (setq tierwise--items items
          tierwise--start (copy-marker (car range))
          tierwise--behind (- (line-end-position) (cdr range)))
    (tierwise--draw)))

(defun tierwise--insert (text)
  "Insert TEXT, a beginning of what is shown, and tell the server."
  (let* ((item (car tierwise--items)) (rest (tierwise--rest)) (whole (string= text rest)))
    (setq tierwise--shown t)
    (when whole
      (delete-region (point) (- (line-end-position) tierwise--behind)))
    (insert text)
    (if (not whole)
        (let ((taken (buffer-substring-no-properties tierwise--start (point))))
          (tierwise--tell :textDocument/didPartiallyAcceptCompletion item
                          :acceptedLength (/ (length (encode-coding-string taken 'utf-16le)) 2)))
      (tierwise--drop)
      (tierwise--execute (plist-get item :command)))))

(defun tierwise--execute (command &optional done)
  "Have the server execute COMMAND; DONE gets the result."
  (jsonrpc-async-request (tierwise--server-or-lose) :workspace/executeCommand
                         `(:command ,(plist-get command :command) :arguments ,(plist-get command :arguments))
                         :timeout 600 :success-fn (or done #'ignore)
                         :error-fn (lambda (err) (message "Tierwise: %s" (plist-get err :message)))))

(defun tierwise-accept (&optional part)
  "Take the suggestion, or of it what the regular expression PART matches."
  (interactive)
  (when-let* ((rest (tierwise--rest)))
    (tierwise--insert (if (and part (string-match part rest)) (match-string 0 rest) rest))))

(defun tierwise-accept-word ()
  "Take the next word of the suggestion."
  (interactive)
  (tierwise-accept "\\`[[:space:]\n]*\\(?:[[:word:]_]+\\|[^[:word:]_[:space:]\n]+\\)?"))

(defun tierwise-accept-line ()
  "Take the next line of the suggestion."
  (interactive)
  (tierwise-accept "\\`\n*[^\n]*"))

(defun tierwise-next (&optional back)
  "Show the next suggestion, with BACK the previous one.
Where there is but one, ask for more."
  (interactive)
  (if (not (cdr tierwise--items))
      (tierwise--ask (current-buffer) 1)
    (setq tierwise--items (if back (append (last tierwise--items) (butlast tierwise--items))
                            (append (cdr tierwise--items) (list (car tierwise--items))))
          tierwise--shown nil)
    (tierwise--draw)))

(defun tierwise-previous ()
  "Show the previous suggestion."
  (interactive)
  (tierwise-next t))

(defun tierwise-dismiss ()
  "Take the suggestion away."
  (interactive)
  (when tierwise--items (tierwise--tell :textDocument/didRejectCompletion (car tierwise--items)))
  (tierwise--drop))

;;; Commands

(defun tierwise-run (kind &optional instruction done)
  "Have work of KIND done as INSTRUCTION says, on the region or at point.
DONE gets the result."
  (interactive (list (read-string "Kind of work: ") (read-string "Instruction: ")))
  (let* ((from (if (use-region-p) (region-beginning) (point))) (to (if (use-region-p) (region-end) (point)))
         (range (list :start (eglot--pos-to-lsp-position from) :end (eglot--pos-to-lsp-position to)))
         (said `(:uri ,(eglot-path-to-uri (or buffer-file-name default-directory)) :range ,range
                 ,@(unless (string-empty-p (or instruction "")) `(:instruction ,instruction)))))
    (eglot--signal-textDocument/didChange)
    (tierwise--execute `(:command ,(concat "tierwise." kind) :arguments [,said])
                       (or done (lambda (_) (message "Tierwise: %s is done" kind))))))

(defun tierwise-ask (question)
  "Have QUESTION about the code answered in a document."
  (interactive "sAsk: ")
  (tierwise-run "ask" question))

(defun tierwise-edit (instruction)
  "Have the file or the region changed as INSTRUCTION says."
  (interactive "sChange: ")
  (tierwise-run "edit" instruction))

(defun tierwise-commit-message ()
  "Insert a commit message for what is staged, or has changed."
  (interactive)
  (let ((place (point-marker)))
    (tierwise-run "commit_message" nil
                  (lambda (text) (with-current-buffer (marker-buffer place) (goto-char place) (insert text))))))

(defun tierwise-scan (&optional whole)
  "Look for defects that linters do not see in this file, or in the WHOLE project."
  (interactive "P")
  (if whole (tierwise--execute '(:command "tierwise.scan" :arguments [(:scope "workspace")]))
    (tierwise-run "scan" nil #'ignore)))

(defun tierwise-undo ()
  "Take back the last change of several files."
  (interactive)
  (tierwise-run "undo"))

(defun tierwise-pause (pause)
  "Ask nobody unless you ask; with a prefix argument, that is PAUSE nil, go on."
  (interactive (list (not current-prefix-arg)))
  (jsonrpc-async-request (tierwise--server-or-lose) :tierwise/pause `(:paused ,(if pause t :json-false))
                         :success-fn (lambda (_status) (message "Tierwise %s" (if pause "pauses" "goes on")))
                         :error-fn (lambda (err) (message "Tierwise: %s" (plist-get err :message)))))

(provide 'tierwise)
;;; tierwise.el ends here
