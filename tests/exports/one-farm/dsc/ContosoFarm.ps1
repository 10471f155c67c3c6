Configuration ContosoFarm
{
    Import-DscResource -ModuleName AdfsDsc

    Node 'STS01'
    {
        AdfsProperties Contoso
        {
            AcceptableIdentifiers                      = @()
            AddProxyAuthorizationRules                 = ''
            AuditLevel                                 = @('Basic')
            AutoCertificateRollover                    = $true
            BannedIpList                               = @()
            BrowserSsoEnabled                          = $false
            BrowserSsoSupportedUserAgents              = @('Windows NT 1', 'Windows Phone 1')
            CertificateCriticalThreshold               = 2
            CertificateDuration                        = 365
            CertificateGenerationThreshold             = 20
            CertificatePromotionThreshold              = 5
            CertificateRolloverInterval                = 720
            ClientCertRevocationCheck                  = 'None'
            DisplayName                                = 'Contoso Ltd'
            EnableIdPInitiatedSignonPage               = $false
            EnableOauthDeviceFlow                      = $false
            EnableOauthLogout                          = $true
            ExtendedProtectionTokenCheck               = 'Allow'
            EnableExtranetLockout                      = $true
            ExtranetLockoutMode                        = 'ADFSSmartLockoutLogOnly'
            ExtranetLockoutRequirePDC                  = $false
            ExtranetLockoutThreshold                   = 2147483647
            ExtranetLockoutThresholdFamiliarLocation   = 5
            FederationPassiveAddress                   = '/adfs/ls/'
            FederationServiceName                      = 'sts.contoso.com'
            HttpPort                                   = 80
            HttpsPort                                  = 443
            Identifier                                 = 'http://sts.contoso.com/adfs/services/trust'
            IdTokenIssuer                              = 'https://sts.contoso.com/adfs'
            IgnoreTokenBinding                         = $false
            EnableKmsi                                 = $false
            KmsiLifetimeMins                           = 1440
            LogLevel                                   = @('Errors', 'SuccessAudits', 'FailureAudits')
            EnableLoopDetection                        = $false
            LoopDetectionMaximumTokensIssuedInInterval = 5
            LoopDetectionTimeIntervalInSeconds         = 20
            MonitoringInterval                         = 1440
            NetTcpPort                                 = 1501
            EnablePersistentSso                        = $true
            PersistentSsoLifetimeMins                  = 129600
            PreventTokenReplays                        = $true
            PromptLoginFederation                      = 'FallbackToProtocolSpecificParameters'
            ProxyTrustTokenLifetime                    = 21600
            RelayStateForIdpInitiatedSignOnEnabled     = $false
            ReplayCacheExpirationInterval              = 60
            SamlMessageDeliveryWindow                  = 5
            SendClientRequestIdAsQueryStringParameter  = $true
            SignSamlAuthnRequests                      = $false
            SignedSamlRequestsRequired                 = $false
            SsoLifetime                                = 2880
            TlsClientPort                              = 49443
        }

        AdfsRelyingPartyTrust Payroll
        {
            AllowedAuthenticationClassReferences = @()
            EncryptionCertificateRevocationCheck = 'CheckChainExcludeRoot'
            PublishedThroughProxy                = $false
            SigningCertificateRevocationCheck    = 'CheckChainExcludeRoot'
            AdditionalWSFedEndpoint              = @()
            ClaimsProviderName                   = @()
            ClaimsAccepted                       = @()
            EncryptClaims                        = $true
            Enabled                              = $true
            Identifier                           = @('https://payroll.contoso.com/', 'urn:payroll')
            NotBeforeSkew                        = 0
            EnableJWT                            = $false
            AlwaysRequireAuthentication          = $false
            Notes                                = ''
            ProxyTrustedEndpoints                = @()
            ProtocolProfile                      = 'WsFed-SAML'
            RequestSigningCertificate            = @()
            EncryptedNameIdRequired              = $false
            SignedSamlRequestsRequired           = $false
            SamlEndpoint                         = @()
            SamlResponseSignature                = 'AssertionOnly'
            SignatureAlgorithm                   = 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'
            TokenLifetime                        = 1440
            AllowedClientTypes                   = 'Public, Confidential'
            IssueOAuthRefreshTokensTo            = 'AllDevices'
            RefreshTokenProtectionEnabled        = $true
            RequestMFAFromClaimsProviders        = $false
            Name                                 = 'Payroll'
            AutoUpdateEnabled                    = $true
            MonitoringEnabled                    = $true
            IssuanceAuthorizationRules           = @'
@RuleName = "Permit the office"
c:[Type == "http://schemas.microsoft.com/2012/01/requestcontext/claims/x-ms-forwarded-client-ip", Value =~ "192\.0\.2\.1"]
 => issue(Type = "http://schemas.microsoft.com/authorization/claims/permit", Value = "true");
'@
            IssuanceTransformRules               = @'
@RuleName = "Cost centre <R&D>"
c:[Type == "https://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn"]
 => issue(claim = c);
'@
            DelegationAuthorizationRules         = ''
            ImpersonationAuthorizationRules      = ''
            AdditionalAuthenticationRules        = ''
        }

        AdfsRelyingPartyTrust Wiki
        {
            AllowedAuthenticationClassReferences = @()
            EncryptionCertificateRevocationCheck = 'CheckChainExcludeRoot'
            PublishedThroughProxy                = $false
            SigningCertificateRevocationCheck    = 'CheckChainExcludeRoot'
            AdditionalWSFedEndpoint              = @()
            ClaimsProviderName                   = @()
            ClaimsAccepted                       = @()
            EncryptClaims                        = $true
            Enabled                              = $true
            Identifier                           = @('https://wiki.contoso.com/')
            NotBeforeSkew                        = 0
            EnableJWT                            = $false
            AlwaysRequireAuthentication          = $false
            Notes                                = ''
            ProxyTrustedEndpoints                = @()
            ProtocolProfile                      = 'WsFed-SAML'
            RequestSigningCertificate            = @()
            EncryptedNameIdRequired              = $false
            SignedSamlRequestsRequired           = $false
            SamlEndpoint                         = @()
            SamlResponseSignature                = 'AssertionOnly'
            SignatureAlgorithm                   = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
            TokenLifetime                        = 0
            AllowedClientTypes                   = 'Public, Confidential'
            IssueOAuthRefreshTokensTo            = 'AllDevices'
            RefreshTokenProtectionEnabled        = $true
            RequestMFAFromClaimsProviders        = $false
            Name                                 = 'Wiki'
            AutoUpdateEnabled                    = $true
            MonitoringEnabled                    = $true
            IssuanceAuthorizationRules           = ''
            IssuanceTransformRules               = @'
@RuleName = "All"
c:[]
 => issue(claim = c);
'@
            DelegationAuthorizationRules         = ''
            ImpersonationAuthorizationRules      = ''
            AdditionalAuthenticationRules        = ''
            AccessControlPolicyName              = 'Permit everyone'
        }

    }
}

ContosoFarm -OutputPath .\mof
